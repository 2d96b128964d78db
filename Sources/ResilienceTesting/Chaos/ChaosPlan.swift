public import Resilience

/// Which calls a chaos policy strikes: those of a share, in a window, that a closure agrees to.
///
/// ```swift
/// let chaos = ChaosSwitch()
/// let plan = ChaosPlan(chaos, rate: 0.05) { call in call.metadata["tenant"] == "test" }
/// let pipeline = Pipeline("payments") {
///   Retry()
///   ChaosFault(plan) { _ in URLError(.timedOut) }
///   ChaosLatency(plan, .constant(.seconds(2)))
/// }
/// chaos.turnOn()
/// ```
///
/// Nothing is struck while the switch is off, and a switch is off until someone turns it on.
public struct ChaosPlan: Sendable {
  private let chaos: ChaosSwitch
  private let rate: @Sendable (ChaosCall) -> Double
  private let window: Range<Duration>?
  private let condition: (@Sendable (ChaosCall) -> Bool)?
  private let begin: Moment
  let timeline: Timeline
  let random: RandomSource

  /// Creates a plan with a rate of its own for each call.
  ///
  /// - Parameters:
  ///   - chaos: While it is off, nothing happens.
  ///   - rate: The probability, in 0...1, that the given call is struck; what is outside is clamped.
  ///   - window: When calls may be struck, since the creation of the plan; `nil` stands for always.
  ///   - timeline: The time of the window, and of what the policies wait for.
  ///   - random: Where chance comes from; a seeded one repeats itself.
  ///   - condition: Whether the given call may be struck; `nil` stands for any.
  public init(
    _ chaos: ChaosSwitch,
    rateOf rate: @escaping @Sendable (ChaosCall) -> Double,
    during window: Range<Duration>? = nil,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    where condition: (@Sendable (ChaosCall) -> Bool)? = nil
  ) {
    self.chaos = chaos
    self.rate = rate
    self.window = window
    self.condition = condition
    self.timeline = timeline
    self.random = random
    begin = timeline.now
  }

  /// Creates a plan with one rate for all calls.
  ///
  /// - Parameters:
  ///   - chaos: While it is off, nothing happens.
  ///   - rate: The probability that a call is struck, in 0...1.
  ///   - window: When calls may be struck, since the creation of the plan; `nil` stands for always.
  ///   - timeline: The time of the window, and of what the policies wait for.
  ///   - random: Where chance comes from; a seeded one repeats itself.
  ///   - condition: Whether the given call may be struck; `nil` stands for any.
  public init(
    _ chaos: ChaosSwitch,
    rate: Double,
    during window: Range<Duration>? = nil,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    where condition: (@Sendable (ChaosCall) -> Bool)? = nil
  ) {
    precondition((0...1).contains(rate), "need rate (\(rate)) in 0...1")
    self.init(
      chaos,
      rateOf: { _ in rate },
      during: window,
      timeline: timeline,
      random: random,
      where: condition
    )
  }

  /// The call that is about to be made, if it is to be struck.
  func strike() -> ChaosCall? {
    guard chaos.isOn else { return nil }
    let elapsed = begin.duration(to: timeline.now)
    guard window?.contains(elapsed) ?? true else { return nil }
    let call = ChaosCall(elapsed: elapsed, metadata: CallTraits.metadata)
    guard condition?(call) ?? true else { return nil }
    // A draw is below 1, so a rate of 1 strikes every call and a rate of 0 none.
    return random.unit() < rate(call) ? call : nil
  }
}

/// A call that a chaos policy may strike.
public struct ChaosCall: Hashable, Sendable {
  /// Time since the creation of the plan.
  public let elapsed: Duration

  /// What the caller said of the call: see `withCallMetadata`.
  public let metadata: [String: String]

  /// Creates a call, to test a plan's closures with.
  public init(elapsed: Duration, metadata: [String: String] = [:]) {
    self.elapsed = elapsed
    self.metadata = metadata
  }
}
