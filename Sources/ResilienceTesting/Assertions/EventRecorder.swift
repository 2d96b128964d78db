public import Resilience

/// Remembers the events of policies, in order, and writes them out as a trace.
public final class EventRecorder: Observer {
  private let recorded = Guarded<[Event]>([])

  /// Creates a recorder without events.
  public init() {}

  /// Remembers an event.
  public func observe(_ event: Event) { recorded.withLock { $0.append(event) } }

  /// The events so far, in the order in which they were told.
  public var events: [Event] { recorded.withLock { $0 } }

  /// The events of one policy, in order.
  public func events(of policy: String) -> [Event] { events.filter { $0.policy == policy } }

  /// The events of a span of time, in order; its end is not included.
  public func events(from begin: Duration, to end: Duration) -> [Event] {
    events.filter { Moment(begin) <= $0.at && $0.at < Moment(end) }
  }

  /// The states a circuit breaker went through, that from which it came first; empty if it never
  /// changed.
  public func states(of breaker: String) -> [BreakerState] {
    let transitions = events(of: breaker).compactMap { event -> BreakerTransition? in
      if case .transition(let transition) = event.kind { transition } else { nil }
    }
    return (transitions.first.map { [$0.from] } ?? []) + transitions.map(\.to)
  }

  /// The events, one per line: seconds since the timeline's origin, policy, what happened.
  public var trace: String {
    events.map { "\($0.at.traceText)  \($0.traceText)\n" }.joined()
  }
}
