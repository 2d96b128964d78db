/// Which of the requests that a fault could hit it does hit.
///
/// Scopes combine: `.rate(0.3).during(.seconds(10))` hits three in ten requests for ten seconds.
public struct FaultScope: Sendable, Equatable {
  /// Chance of a hit, 0 to 1.
  private(set) var probability = 1.0

  /// Largest number of hits, or nil for any number.
  private(set) var hits: Int?

  /// Time from the injection until the fault is over, or nil for ever.
  private(set) var span: Duration?

  /// Every request until the fault is healed.
  public static let always = Self()

  /// The next `count` requests.
  ///
  /// - Precondition: `count >= 1`.
  public static func next(_ count: Int) -> Self { always.next(count) }

  /// Every request for a time that begins with the injection.
  ///
  /// - Precondition: `span > 0`.
  public static func during(_ span: Duration) -> Self { always.during(span) }

  /// A share of the requests, drawn for each from the server's seed.
  ///
  /// - Precondition: `0 <= probability <= 1`.
  public static func rate(_ probability: Double) -> Self { always.rate(probability) }

  /// This scope, but for at most `count` hits.
  ///
  /// - Precondition: `count >= 1`.
  public func next(_ count: Int) -> Self {
    precondition(count >= 1, "need count (\(count)) >= 1")
    var scope = self
    scope.hits = count
    return scope
  }

  /// This scope, but only for a time that begins with the injection.
  ///
  /// - Precondition: `span > 0`.
  public func during(_ span: Duration) -> Self {
    precondition(span > .zero, "need span (\(span)) > 0")
    var scope = self
    scope.span = span
    return scope
  }

  /// This scope, but only for a share of the requests.
  ///
  /// - Precondition: `0 <= probability <= 1`.
  public func rate(_ probability: Double) -> Self {
    precondition((0...1).contains(probability), "need 0 <= probability (\(probability)) <= 1")
    var scope = self
    scope.probability = probability
    return scope
  }
}
