/// How long to pause before each retry.
public struct Backoff: Hashable, Sendable, CustomStringConvertible {
  private enum Kind: Hashable, Sendable {
    case none
    case constant(Duration)
    case exponential(from: Duration, upTo: Duration)
  }

  private let kind: Kind

  /// No pause.
  public static let none = Backoff(kind: .none)

  /// The same pause each time.
  ///
  /// - Parameter pause: Not negative.
  /// - Returns: A back-off that remembers nothing between pauses.
  public static func constant(_ pause: Duration) -> Backoff {
    precondition(pause >= .zero, "need a pause (\(pause)) >= 0")
    return Backoff(kind: .constant(pause))
  }

  /// Exponential growth with full jitter.
  ///
  /// The pause before retry *n* is drawn uniformly from `0 ..< min(cap, base × 2ⁿ⁻¹)`, where the
  /// first retry is *n* = 1. With `base` = 100 ms and `cap` = 1 s the upper ends run
  /// 100, 200, 400, 800, 1000, 1000 … ms.
  ///
  /// ## Source
  /// Brooker, M. (2015). [Exponential backoff and jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/),
  /// section “Adding jitter”, variant *full jitter*.
  ///
  /// - Parameters:
  ///   - base: Upper end of the first pause. Positive.
  ///   - cap: Upper end of every pause. At least `base`.
  /// - Returns: A back-off that remembers nothing between pauses.
  /// - Precondition: `0 < base <= cap`.
  public static func exponential(from base: Duration, upTo cap: Duration) -> Backoff {
    precondition(.zero < base && base <= cap, "need 0 < base (\(base)) <= cap (\(cap))")
    return Backoff(kind: .exponential(from: base, upTo: cap))
  }

  /// The back-off in words.
  public var description: String {
    switch kind {
    case .none: "no pause"
    case .constant(let pause): "a pause of \(pause)"
    case .exponential(let base, let cap): "pauses up to \(base), doubling up to \(cap)"
    }
  }

  /// The longest that the pause before a retry can be.
  ///
  /// - Parameter retry: Number of the retry; the first one is 1.
  /// - Returns: A duration that no pause exceeds.
  package func ceiling(_ retry: Int) -> Duration {
    switch kind {
    case .none: return .zero
    case .constant(let pause): return pause
    case .exponential(let base, let cap):
      // Past 62 doublings even a nanosecond has become 146 years.
      let scale = 1 << min(max(retry, 1) - 1, 62)
      return base > cap / scale ? cap : min(cap, base * scale)
    }
  }

  /// The pause before a retry, its jitter drawn from `random`.
  package func pause(before retry: Int, random: RandomSource) -> Duration {
    switch kind {
    case .none, .constant: ceiling(retry)
    case .exponential: ceiling(retry) * random.unit()
    }
  }
}
