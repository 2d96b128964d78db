import Resilience

/// A modelled service as a value: its places, its queue, its troubles.
struct ServiceState {
  /// What a call that has just arrived meets.
  enum Arrival {
    /// It is worked on, for so long.
    case begins(Duration)
    case queued
    case fails(ModelledFailure)
    /// It will never be answered.
    case lost
  }

  let settings: ModelledService.Settings
  private(set) var busy = 0
  private(set) var log = CallLog()
  private(set) var served = 0
  private(set) var inVain = 0
  private var queue = WaitQueue<ServiceRequest>()
  var conditions = ServiceConditions()
  var coldCaches: [ColdCache] = []

  init(_ settings: ModelledService.Settings) {
    self.settings = settings
  }

  var queued: Int { queue.count }

  mutating func arrive(
    _ request: ServiceRequest,
    at now: Moment,
    random: RandomSource
  ) -> Arrival {
    log.add(now)
    switch conditions.condition(at: now) {
    case .failing: return .fails(.outage)
    case .silent: return .lost
    case .brownOut, nil: break
    }
    if busy < settings.capacity {
      busy += 1
      return .begins(workTime(at: now, random: random))
    }
    guard queue.count < settings.queue else { return .fails(.overloaded) }
    request.place = queue.append(request)
    return .queued
  }

  /// Ends the work on a request.
  ///
  /// - Returns: How it ended, and the request that is worked on next.
  mutating func end(
    _ request: ServiceRequest,
    at now: Moment,
    random: RandomSource
  ) -> (failure: ModelledFailure?, next: (request: ServiceRequest, time: Duration)?) {
    served += 1
    if request.isAbandoned { inVain += 1 }
    for index in coldCaches.indices where coldCaches[index].from <= now {
      coldCaches[index].served += 1
    }
    let failure = failure(at: now, random: random)
    return (failure, takeNext(at: now, random: random))
  }

  /// Stops the work on a request, or takes it out of the queue.
  ///
  /// - Returns: The request that is worked on next.
  mutating func stop(
    _ request: ServiceRequest,
    isWorkedOn: Bool,
    at now: Moment,
    random: RandomSource
  ) -> (request: ServiceRequest, time: Duration)? {
    if isWorkedOn { return takeNext(at: now, random: random) }
    if let place = request.place { queue.remove(place) }
    return nil
  }

  private mutating func takeNext(
    at now: Moment,
    random: RandomSource
  ) -> (request: ServiceRequest, time: Duration)? {
    guard let next = queue.popFirst() else {
      busy -= 1
      return nil
    }
    return (next, workTime(at: now, random: random))
  }

  private func workTime(at now: Moment, random: RandomSource) -> Duration {
    var factor = 1 + settings.congestion * Double(queue.count) / Double(settings.capacity)
    if case .brownOut(let slowdown, _) = conditions.condition(at: now) { factor *= slowdown }
    for cache in coldCaches { factor *= cache.factor(at: now) }
    let time = settings.latency.draw(from: random)
    return factor == 1 ? time : time * factor
  }

  private func failure(at now: Moment, random: RandomSource) -> ModelledFailure? {
    var rate = settings.errorRate
    switch conditions.condition(at: now) {
    case .failing, .silent: return .outage
    case .brownOut(_, let errorRate): rate = max(rate, errorRate)
    case nil: break
    }
    return rate > 0 && random.unit() < rate ? .error : nil
  }
}
