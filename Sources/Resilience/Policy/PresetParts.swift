/// Makes the policies of a preset, alike in name, time, chance and observer.
package struct PresetParts {
  let name: String
  let timeline: Timeline
  let random: RandomSource
  let observer: (any Observer)?

  package init(
    _ name: String,
    _ timeline: Timeline,
    _ random: RandomSource,
    _ observer: (any Observer)?
  ) {
    self.name = name
    self.timeline = timeline
    self.random = random
    self.observer = observer
  }

  func timeout(_ limit: Duration, _ what: String) -> Timeout {
    Timeout(limit, name: "\(name), \(what)", timeline: timeline, observer: observer)
  }

  func retry(_ settings: RetrySettings) -> Retry {
    Retry(settings, name: name, timeline: timeline, random: random, observer: observer)
  }

  func breaker(_ settings: BreakerSettings) -> CircuitBreaker {
    CircuitBreaker(name, settings, timeline: timeline, random: random, observer: observer)
  }

  func bulkhead(limit: Int, _ queue: QueueSettings) -> Bulkhead {
    var settings = BulkheadSettings()
    settings.limit = limit
    settings.queue = queue
    return Bulkhead(settings, name: name, timeline: timeline, observer: observer)
  }
}

// The parts of `Pipeline.standard`, also for those who put something between them.
extension PresetParts {
  package var standardWholeCall: Timeout { timeout(.seconds(10), "whole call") }

  package var standardRetry: Retry {
    var settings = RetrySettings()
    settings.attempts = 3
    settings.backoff = .exponential(from: .milliseconds(100), upTo: .seconds(2))
    settings.budget = RetryBudget(timeline: timeline)
    return retry(settings)
  }

  package var standardBreaker: CircuitBreaker { breaker(BreakerSettings()) }

  package var standardBulkhead: Bulkhead {
    bulkhead(limit: 64, QueueSettings(limit: 128, maxWait: .seconds(1)))
  }

  package var standardAttempt: Timeout { timeout(.seconds(3), "attempt") }
}
