import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Timeline")
struct TimelineTests {
  private final class Bell: Alarm {
    private let slot = AlarmSlot()
    var queueIndex: Int? {
      get { slot.index }
      set { slot.index = newValue }
    }
    let rung = Parked<Moment>()
    let timeline: Timeline

    init(_ timeline: Timeline) {
      self.timeline = timeline
    }

    func ring() { rung.resume(with: timeline.now) }
  }

  static let timelines = [
    ("system", Timeline.system), ("continuous", Timeline(ContinuousClock())),
    ("suspending", Timeline(SuspendingClock())),
  ]

  @Test("Time never goes backwards, and the cheap reading is never ahead", arguments: timelines)
  func monotonic(name: String, timeline: Timeline) {
    var last = timeline.now
    for _ in 0..<10_000 {
      let coarse = timeline.coarseNow
      let now = timeline.now
      #expect(last <= now && coarse <= now)
      last = now
    }
  }

  @Test("An alarm rings, and not before its moment", arguments: timelines)
  func rings(name: String, timeline: Timeline) async {
    for milliseconds in [0, 1, 3] {
      let moment = timeline.now.advanced(by: .milliseconds(milliseconds))
      let bell = Bell(timeline)
      timeline.schedule(bell, at: moment)
      #expect(await bell.rung.wait() >= moment)
    }
  }

  @Test("Alarms set in any order ring in the order of their moments", arguments: timelines)
  func order(name: String, timeline: Timeline) async {
    let start = timeline.now
    let bells = [5, 1, 3, 2, 4].map { step in
      let bell = Bell(timeline)
      timeline.schedule(bell, at: start.advanced(by: .milliseconds(step)))
      return (step, bell)
    }
    for (step, bell) in bells {
      #expect(await bell.rung.wait() >= start.advanced(by: .milliseconds(step)))
    }
  }

  @Test("A cancelled alarm does not ring, and cancelling again does nothing", arguments: timelines)
  func cancelled(name: String, timeline: Timeline) async {
    let start = timeline.now
    let cancelled = Bell(timeline)
    let last = Bell(timeline)
    timeline.schedule(cancelled, at: start.advanced(by: .milliseconds(50)))
    timeline.cancel(cancelled)
    timeline.cancel(cancelled)
    timeline.schedule(last, at: start.advanced(by: .milliseconds(51)))
    _ = await last.rung.wait()
    #expect(!cancelled.rung.isResumed)
  }

  @Test(
    "A sleep lasts at least as long as it should; none at all returns at once",
    arguments: timelines
  )
  func sleep(name: String, timeline: Timeline) async throws {
    let start = timeline.now
    try await timeline.sleep(for: .milliseconds(2))
    #expect(timeline.now >= start.advanced(by: .milliseconds(2)))
    try await timeline.sleep(for: .zero)
    try await timeline.sleep(for: .seconds(-1))
  }

  @Test("A cancelled sleep throws at once, however long it was to be", arguments: timelines)
  func cancelledSleep(name: String, timeline: Timeline) async {
    for _ in 0..<100 {
      let task = Task { try await timeline.sleep(for: .seconds(Int64.max)) }
      await Task.yield()
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("A hundred thousand alarms that are set and cancelled leave nothing behind")
  func flat() {
    let timeline = Timeline(ManualClock())
    let time = ManualTime()
    let own = Timeline(source: time)
    for _ in 0..<100_000 {
      let bell = Bell(timeline)
      own.schedule(bell, at: .seconds(3_600))
      own.cancel(bell)
    }
    #expect(time.alarms == 0)
  }
}
