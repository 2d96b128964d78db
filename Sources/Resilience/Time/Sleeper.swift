/// A task that waits for a moment: woken once, by the alarm or by cancellation.
package final class Sleeper: Alarm {
  private enum Waking: Sendable {
    case rung, cancelled
  }

  private let slot = AlarmSlot()
  package var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  private let parked = Parked<Waking>()

  private init() {}

  package static func sleep(until moment: Moment, on timeline: Timeline) async throws {
    try Task.checkCancellation()
    guard timeline.now < moment else { return }
    let sleeper = Sleeper()
    timeline.schedule(sleeper, at: moment)
    let waking = await withTaskCancellationHandler {
      await sleeper.parked.wait()
    } onCancel: {
      sleeper.parked.resume(with: .cancelled)
      timeline.cancel(sleeper)
    }
    if waking == .cancelled { throw CancellationError() }
  }

  package func ring() {
    parked.resume(with: .rung)
  }
}
