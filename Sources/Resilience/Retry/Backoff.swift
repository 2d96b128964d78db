/// How long to pause before each retry.
///
/// The first retry is number 1. Nothing here overflows: what grows stays at its cap for ever.
public struct Backoff: Sendable, CustomStringConvertible {
  private enum Kind: Sendable {
    case constant(Duration)
    case linear(from: Duration, by: Duration)
    case exponential(from: Duration, factor: Double)
    case decorrelated(from: Duration)
    case sequence([Duration])
    case custom(@Sendable (_ attempt: Int, _ error: (any Error)?) -> Duration)
  }

  private let kind: Kind
  private let cap: Duration
  let jitter: Jitter

  private init(_ kind: Kind, upTo cap: Duration = .longest, jitter: Jitter) {
    if case .factor(let share) = jitter {
      precondition((0...1).contains(share), "need 0 <= jitter (\(share)) <= 1")
    }
    self.kind = kind
    self.cap = cap
    self.jitter = jitter
  }

  /// No pause.
  public static let none = Backoff(.constant(.zero), jitter: .none)

  /// The same pause each time.
  ///
  /// - Parameters:
  ///   - pause: Not negative.
  ///   - jitter: How chance changes it.
  /// - Returns: A back-off that remembers nothing between pauses.
  public static func constant(_ pause: Duration, jitter: Jitter = .none) -> Backoff {
    precondition(pause >= .zero, "need a pause (\(pause)) >= 0")
    return Backoff(.constant(pause), jitter: jitter)
  }

  /// A pause that grows by the same step: before retry *n* it is `min(cap, base + (n - 1) × step)`.
  ///
  /// - Parameters:
  ///   - base: The first pause. Not negative.
  ///   - step: By how much it grows. Not negative.
  ///   - cap: The longest pause before jitter. At least `base`.
  ///   - jitter: How chance changes it.
  /// - Returns: A back-off that remembers nothing between pauses.
  public static func linear(
    from base: Duration,
    by step: Duration,
    upTo cap: Duration,
    jitter: Jitter = .none
  ) -> Backoff {
    precondition(step >= .zero, "need a step (\(step)) >= 0")
    precondition(.zero <= base && base <= cap, "need 0 <= base (\(base)) <= cap (\(cap))")
    return Backoff(.linear(from: base, by: step), upTo: cap, jitter: jitter)
  }

  /// A pause that grows by a factor: before retry *n* it is `min(cap, base × factorⁿ⁻¹)`.
  ///
  /// With `base` = 100 ms, `cap` = 1 s and the factor 2 the pauses before jitter run
  /// 100, 200, 400, 800, 1000, 1000 … ms.
  ///
  /// - Parameters:
  ///   - base: The first pause. Positive.
  ///   - cap: The longest pause before jitter. At least `base`.
  ///   - factor: By which it grows, in 1...1000.
  ///   - jitter: How chance changes it.
  /// - Returns: A back-off that remembers nothing between pauses.
  /// - Precondition: `0 < base <= cap`.
  public static func exponential(
    from base: Duration,
    upTo cap: Duration,
    factor: Double = 2,
    jitter: Jitter = .full
  ) -> Backoff {
    precondition(.zero < base && base <= cap, "need 0 < base (\(base)) <= cap (\(cap))")
    precondition((1...1_000).contains(factor), "need 1 <= factor (\(factor)) <= 1000")
    return Backoff(.exponential(from: base, factor: factor), upTo: cap, jitter: jitter)
  }

  /// Decorrelated jitter: each pause is drawn from `base ..< 3 × previous`, at most the cap.
  ///
  /// The pause before the first retry is drawn from `base ..< 3 × base`.
  ///
  /// ## Source
  /// Brooker, M. (2015). [Exponential backoff and jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/),
  /// variant *decorrelated jitter*.
  ///
  /// - Parameters:
  ///   - base: The shortest pause. Positive.
  ///   - cap: The longest pause. At least `base`.
  /// - Returns: A back-off that remembers the previous pause of a call.
  public static func decorrelated(from base: Duration, upTo cap: Duration) -> Backoff {
    precondition(.zero < base && base <= cap, "need 0 < base (\(base)) <= cap (\(cap))")
    return Backoff(.decorrelated(from: base), upTo: cap, jitter: .none)
  }

  /// The given pauses, one after the other; the last one again when there are no more.
  ///
  /// - Parameters:
  ///   - pauses: One per retry, the first one first. Not empty, none negative.
  ///   - jitter: How chance changes them.
  /// - Returns: A back-off that remembers nothing between pauses.
  public static func sequence(_ pauses: [Duration], jitter: Jitter = .none) -> Backoff {
    precondition(!pauses.isEmpty, "need at least one pause")
    precondition(pauses.allSatisfy { $0 >= .zero }, "need pauses (\(pauses)) >= 0")
    return Backoff(.sequence(pauses), jitter: jitter)
  }

  /// A pause of your own.
  ///
  /// - Parameter pause: The pause after a failed attempt, given its number, the first call being 1,
  ///   and what it threw, or `nil` when its value was judged a failure. What is negative is zero.
  /// - Returns: A back-off that remembers what `pause` does.
  public static func custom(
    _ pause: @escaping @Sendable (_ attempt: Int, _ error: (any Error)?) -> Duration
  ) -> Backoff {
    Backoff(.custom(pause), jitter: .none)
  }

  /// The back-off in words.
  public var description: String {
    let text =
      switch kind {
      case .constant(let pause): pause == .zero ? "no pause" : "a pause of \(pause)"
      case .linear(let base, let step): "pauses from \(base) by \(step) up to \(cap)"
      case .exponential(let base, let factor): "pauses from \(base) × \(factor)ⁿ up to \(cap)"
      case .decorrelated(let base): "decorrelated pauses from \(base) up to \(cap)"
      case .sequence(let pauses): "pauses of \(pauses)"
      case .custom: "pauses of its own"
      }
    return jitter == .none ? text : "\(text), jitter \(jitter)"
  }

  /// The pause before a retry without jitter; for decorrelated jitter, the longest it can be.
  ///
  /// - Parameters:
  ///   - retry: Number of the retry; the first one is 1.
  ///   - previous: The pause before; zero for the first retry.
  ///   - error: What the attempt threw.
  /// - Returns: A duration between zero and the cap.
  package func base(
    before retry: Int,
    previous: Duration = .zero,
    error: (any Error)? = nil
  ) -> Duration {
    let retry = max(retry, 1)
    switch kind {
    case .constant(let pause):
      return pause
    case .linear(let base, let step):
      return min(cap, base + min(step.scaled(by: Double(retry - 1)), cap))
    case .exponential(let base, let factor):
      return min(cap, base.scaled(by: factor.power(retry - 1)))
    case .decorrelated(let base):
      return min(cap, max(base, previous).scaled(by: 3))
    case .sequence(let pauses):
      return pauses[min(retry, pauses.count) - 1]
    case .custom(let pause):
      return max(.zero, pause(retry, error))
    }
  }

  /// The pause before a retry, its jitter drawn from `random`.
  package func pause(
    before retry: Int,
    previous: Duration = .zero,
    error: (any Error)? = nil,
    random: RandomSource
  ) -> Duration {
    let base = base(before: retry, previous: previous, error: error)
    guard case .decorrelated(let shortest) = kind else {
      return jitter.apply(to: base, random: random)
    }
    let width = max(shortest, previous).scaled(by: 3) - shortest
    return min(cap, shortest + width.scaled(by: random.unit()))
  }
}

extension Double {
  /// This number, at least 1, to a power that is not negative; at most 10³⁰.
  fileprivate func power(_ exponent: Int) -> Double {
    var (result, base, exponent) = (1.0, self, exponent)
    while exponent > 0, result < 1e30 {
      if exponent % 2 == 1 { result *= base }
      base = min(base * base, 1e30)
      exponent /= 2
    }
    return min(result, 1e30)
  }
}
