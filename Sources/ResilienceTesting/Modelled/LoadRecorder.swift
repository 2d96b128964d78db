import Resilience

/// Collects what becomes of a load.
final class LoadRecorder: Sendable {
  private let intervals = Guarded<[LoadReport.Interval]>([])
  private let width: Duration
  private let begin: Moment
  private let world: World

  init(width: Duration, in world: World) {
    precondition(width > .zero, "need every (\(width)) > 0")
    self.width = width
    self.world = world
    begin = world.timeline.now
  }

  /// Makes a call and notes what becomes of it.
  func call(_ operation: () async throws -> Void) async {
    let start = world.timeline.now
    change(at: start) { $0.offered += 1 }
    do {
      try await operation()
      let end = world.timeline.now
      change(at: end) { interval in
        interval.succeeded += 1
        interval.latencies.append(start.duration(to: end))
      }
    } catch is any Rejection {
      change(at: world.timeline.now) { $0.refused += 1 }
    } catch {
      change(at: world.timeline.now) { $0.failed += 1 }
    }
  }

  /// Notes the states of breakers at the end of each interval, until it is cancelled.
  func watch(_ breakers: [CircuitBreaker]) async {
    var end = begin.advanced(by: width)
    while (try? await world.timeline.sleep(until: end)) != nil {
      let inside = Moment(nanoseconds: end.nanoseconds - 1)
      change(at: inside) { $0.breakers = breakers.map(\.state) }
      end = end.advanced(by: width)
    }
  }

  func report(callee: ModelledService?, breakers: [CircuitBreaker]) -> LoadReport {
    let log = callee?.calls
    return intervals.withLock { intervals in
      for index in intervals.indices {
        let start = begin.sinceOrigin + width * index
        intervals[index].attempted = log?.count(from: start, to: start + width) ?? 0
        intervals[index].latencies.sort()
        if intervals[index].breakers.isEmpty, index == intervals.count - 1 {
          intervals[index].breakers = breakers.map(\.state)
        }
      }
      return LoadReport(width: width, intervals: intervals)
    }
  }

  private func change(at moment: Moment, _ change: (inout LoadReport.Interval) -> Void) {
    let index = Int(
      begin.duration(to: moment).clampedNanoseconds / max(1, width.clampedNanoseconds)
    )
    intervals.withLock { intervals in
      while intervals.count <= index {
        intervals.append(LoadReport.Interval(begin: width * intervals.count))
      }
      change(&intervals[index])
    }
  }
}
