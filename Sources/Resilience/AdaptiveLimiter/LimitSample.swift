/// What one finished call tells a rule: how long it took, among how many, and how it ended.
struct LimitSample: Hashable, Sendable {
  /// Nanoseconds between the call's beginning and its end, the wait for a place not included.
  let roundTrip: Int64

  /// How many calls were in flight when this one began, itself included.
  let inFlight: Int

  /// Whether the callee said, or showed, that it has too much to do.
  let isOverload: Bool

  /// When the call ended.
  let now: Moment

  init(roundTrip: Int64, inFlight: Int, isOverload: Bool = false, now: Moment) {
    self.roundTrip = max(0, roundTrip)
    self.inFlight = max(1, inFlight)
    self.isOverload = isOverload
    self.now = now
  }

  /// When the call began.
  var began: Moment { now.advanced(byNanoseconds: -roundTrip) }
}
