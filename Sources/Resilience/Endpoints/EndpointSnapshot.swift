/// What ``Endpoints`` know of one endpoint at an instant.
public struct EndpointSnapshot<Endpoint: Hashable & Sendable>: Hashable, Sendable {
  /// Whether an endpoint gets calls.
  public enum State: Hashable, Sendable {
    /// It gets its share of the calls.
    case inService

    /// It gets this share of a full share, in 0 ..< 1, which grows.
    case warmingUp(share: Double)

    /// It gets none for this time; zero when the next call probes it.
    case ejected(for: Duration)

    /// One call tries whether it is well again.
    case probing
  }

  /// The endpoint.
  public let endpoint: Endpoint

  /// Whether it gets calls.
  public let state: State

  /// How many calls to it are in flight.
  public let inFlight: Int

  /// How many have failed in a row.
  public let consecutiveFailures: Int

  /// How many calls in the window said something about it.
  public let calls: Int

  /// How many of these failed.
  public let failures: Int

  /// Ejections that count for the length of the next one, unless they are forgotten until then.
  public let ejections: Int

  init(_ endpoint: Endpoint, _ machine: EndpointMachine, index: Int, at now: Moment) {
    let slot = machine.slots[index]
    self.endpoint = endpoint
    switch slot.status {
    case .inService:
      let share = slot.weight(SlowStart(machine.settings), at: now)
      state = share < 1 ? .warmingUp(share: share) : .inService
    case .ejected(let until):
      state = .ejected(for: max(.zero, now.duration(to: until)))
    case .probing:
      state = .probing
    }
    inFlight = slot.inFlight
    consecutiveFailures = slot.consecutiveFailures
    let tally = machine.windows[index].tally(at: now)
    calls = Int(clamping: tally.calls)
    failures = Int(clamping: tally.failures)
    ejections = slot.ejections
  }
}
