import ResilienceTesting

@testable import Resilience

/// A bulkhead under a clock that a test moves, and calls that hold places or wait for them.
struct BulkheadWorld: Sendable {
  let clock = ManualClock()
  let bulkhead: Bulkhead
  let order = Recorder<String>()

  init(_ settings: BulkheadSettings, observer: (any Observer)? = nil) {
    bulkhead = Bulkhead(settings, name: "test", timeline: Timeline(clock), observer: observer)
  }

  init(limit: Int, queue: QueueSettings = QueueSettings(), shares: CriticalityShares = .init()) {
    var settings = BulkheadSettings()
    settings.limit = limit
    settings.queue = queue
    settings.shares = shares
    self.init(settings)
  }

  /// Takes places until the permit is released.
  func hold(_ weight: Int = 1) async throws -> BulkheadPermit {
    try await bulkhead.acquire(weight: weight)
  }

  /// Starts a call that has to wait, and waits until it does; it writes its name when it runs.
  func wait(
    _ name: String,
    weight: Int = 1,
    _ criticality: Criticality? = nil,
    key: String? = nil
  ) async -> Task<Void, any Error> {
    let before = bulkhead.queued
    let task = start(name, weight: weight, criticality, key: key)
    while bulkhead.queued == before { await Task.yield() }
    return task
  }

  /// Starts a call; it writes its name when it runs.
  func start(
    _ name: String,
    weight: Int = 1,
    _ criticality: Criticality? = nil,
    key: String? = nil
  ) -> Task<Void, any Error> {
    Task {
      try await Criticality.$stated.withValue(criticality) {
        try await FairnessKey.$current.withValue(key) {
          try await bulkhead.run(weight: weight) { order(name) }
        }
      }
    }
  }

  /// Whether nothing is held, waited for or set to ring.
  var isIdle: Bool { bulkhead.isAtRest && bulkhead.queued == 0 && clock.sleepers == 0 }
}
