/// Where jitter and random choices come from; a seeded generator repeats a run exactly.
///
/// A generator of any type is erased once, here, and guarded, so that policies can share it.
public struct RandomSource: Sendable {
  private final class Shared: Sendable {
    let generator: Guarded<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) {
      self.generator = Guarded(generator)
    }
  }

  private let shared: Shared?

  /// Creates a source that draws from `generator`.
  ///
  /// - Parameter generator: Any generator; draws from it are serialised by a lock.
  public init(_ generator: some RandomNumberGenerator & Sendable) {
    shared = Shared(generator)
  }

  private init() {
    shared = nil
  }

  /// The system's generator.
  public static let system = RandomSource()

  /// Whether it is ``system``.
  var isSystem: Bool { shared == nil }

  /// A number drawn uniformly from 0 ..< 1.
  public func unit() -> Double {
    guard let shared else { return .random(in: 0..<1) }
    return shared.generator.withLock { generator in .random(in: 0..<1, using: &generator) }
  }
}
