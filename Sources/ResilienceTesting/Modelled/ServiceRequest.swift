import Resilience

/// A call as a modelled service sees it; it rings when the work on it is done.
final class ServiceRequest: Alarm {
  /// How the call ended for its caller; `nil` when the caller has gone.
  typealias Ending = Result<Void, ModelledFailure>?

  private struct State {
    var place: WaitQueue<ServiceRequest>.Place?
    var isWorkedOn = false
    var isAbandoned = false
  }

  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  private let service: ModelledService
  private let state = Guarded(State())
  private let parked = Parked<Ending>()

  init(_ service: ModelledService) {
    self.service = service
  }

  /// Where it stands in the queue, if it ever did.
  var place: WaitQueue<ServiceRequest>.Place? {
    get { state.withLock { $0.place } }
    set { state.withLock { $0.place = newValue } }
  }

  var isWorkedOn: Bool {
    get { state.withLock { $0.isWorkedOn } }
    set { state.withLock { $0.isWorkedOn = newValue } }
  }

  /// Whether its caller has gone.
  var isAbandoned: Bool {
    get { state.withLock { $0.isAbandoned } }
    set { state.withLock { $0.isAbandoned = newValue } }
  }

  func wait() async -> Ending { await parked.wait() }

  @discardableResult
  func end(_ ending: Ending) -> Bool { parked.resume(with: ending) }

  func ring() { service.workIsDone(on: self) }
}
