/// How long a circuit stays open before its first probe.
public struct OpenDuration: Sendable {
  private enum Kind: Sendable {
    case constant(Duration)
    case growing(from: Duration, upTo: Duration, jitter: Double)
  }

  private let kind: Kind
  private var hint: (@Sendable (any Error) -> Duration?)?
  private var hintCap = Duration.zero

  private init(kind: Kind) {
    self.kind = kind
  }

  /// The same duration each time.
  ///
  /// - Parameter duration: Zero and less let the next call probe; what is too long for the timeline
  ///   means for ever.
  /// - Returns: An open duration.
  public static func constant(_ duration: Duration) -> OpenDuration {
    OpenDuration(kind: .constant(duration))
  }

  /// Twice as long each time the circuit opens again without having closed.
  ///
  /// The *n*-th time in a row it is `min(cap, base × 2ⁿ⁻¹) × (1 - jitter × u)`, u being drawn
  /// uniformly from 0 ..< 1. Closing starts again at *n* = 1.
  ///
  /// - Parameters:
  ///   - base: The first duration. Positive.
  ///   - cap: The longest duration. At least `base`.
  ///   - jitter: By which share a duration may be shortened, in 0...1, so that many clients of one
  ///     callee do not return at the same instant.
  /// - Returns: An open duration.
  public static func growing(
    from base: Duration,
    upTo cap: Duration,
    jitter: Double = 0
  ) -> OpenDuration {
    OpenDuration(kind: .growing(from: base, upTo: cap, jitter: jitter))
  }

  /// This duration, unless the failure that opened the circuit asks for another.
  ///
  /// - Parameters:
  ///   - cap: The longest that is granted. Zero and less grant nothing.
  ///   - hint: What the error asks for, or `nil`. Called outside every lock. By default the delay
  ///     of ``RetryAdvice/allowedAfter(_:)``, which adapters take from Retry-After and its kin.
  /// - Returns: An open duration.
  public func honouringHints(
    upTo cap: Duration,
    _ hint: @escaping @Sendable (any Error) -> Duration? = retryAfter(of:)
  ) -> OpenDuration {
    var copy = self
    copy.hint = hint
    copy.hintCap = cap
    return copy
  }

  /// The delay that the advice of a ``CallError`` asks for.
  ///
  /// - Parameter error: Any error.
  /// - Returns: The delay, or `nil` when the error asks for none.
  public static func retryAfter(of error: any Error) -> Duration? {
    (error as? any CallError)?.retryAdvice.pause
  }

  /// Whether durations are drawn by chance.
  var usesChance: Bool {
    if case .growing(_, _, let jitter) = kind { jitter > 0 } else { false }
  }

  /// What an error asks for, within the cap; calls code of the user.
  func hint(of error: any Error) -> Duration? {
    guard let asked = hint?(error), asked > .zero, hintCap > .zero else { return nil }
    return min(asked, hintCap)
  }

  /// The duration when the circuit opens for the `trips`-th time in a row.
  func duration(trips: Int, draw: Double) -> Duration {
    switch kind {
    case .constant(let duration):
      return duration
    case .growing(let base, let cap, let jitter):
      let scale = 1 << min(max(trips, 1) - 1, 62)
      let full = base > cap / scale ? cap : min(cap, base * scale)
      return jitter > 0 ? full * (1 - jitter * draw) : full
    }
  }

  func validate() throws(InvalidSetting) {
    guard case .growing(let base, let cap, let jitter) = kind else { return }
    try check("first open duration", base, atLeast: .nanoseconds(1))
    try check("longest open duration", cap, atLeast: base)
    try check("jitter of the open duration", jitter, in: 0...1)
  }
}

extension OpenDuration: CustomStringConvertible {
  /// The duration in words, such as `30.0 seconds`.
  public var description: String {
    let text =
      switch kind {
      case .constant(let duration): "\(duration)"
      case .growing(let base, let cap, let jitter):
        "\(base) × 2ⁿ up to \(cap)" + (jitter == 0 ? "" : ", jitter \(jitter)")
      }
    return hint == nil ? text : "\(text), or as asked for up to \(hintCap)"
  }
}
