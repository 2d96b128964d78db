internal import Resilience

/// The shell of a ``ServiceModel``: a lock, and the time to wait in.
final class ServiceDesk: Sendable {
  /// Why a request is not served.
  enum Refusal: Equatable {
    case full
    case lockedOut(retryAfterSeconds: Int)
  }

  private let timeline: Timeline
  private let origin: Moment
  private let model: Guarded<ServiceModel>

  init(_ traits: ServiceTraits, rate: Int, timeline: Timeline) {
    self.timeline = timeline
    origin = timeline.now
    model = Guarded(ServiceModel(traits, rate: rate))
  }

  func enter(_ phase: Scenario.Phase, replica: Int) {
    let faults = phase.faults.filter { $0.hits(replica: replica) }.map(\.fault)
    let now = now
    model.withLock { $0.enter(faults, restarts: phase.restarts, at: now) }
  }

  /// Waits until a request has been served.
  ///
  /// - Returns: Why it is not; `nil` if it was.
  /// - Throws: `CancellationError` if whoever waits is cancelled; the request is served all the same.
  func serve() async throws -> Refusal? {
    let now = now
    switch model.withLock({ $0.arrive(at: now) }) {
    case .full: return .full
    case .lockedOut(let seconds): return .lockedOut(retryAfterSeconds: seconds)
    case .accepted(let ticket):
      while let rest = rest(of: ticket) {
        // Half of it, since the service may become quicker meanwhile; and never nothing, since time
        // would stand still for a rest that no clock can show.
        try await timeline.sleep(for: max(rest / 2, .milliseconds(1)))
      }
      return nil
    }
  }

  private var now: Duration { origin.duration(to: timeline.now) }

  private func rest(of ticket: ServiceModel.Ticket) -> Duration? {
    let now = now
    return model.withLock { $0.rest(of: ticket, at: now) }
  }
}
