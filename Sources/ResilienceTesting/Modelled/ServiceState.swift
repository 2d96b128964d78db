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

  /// A request that is worked on next, and for how long.
  typealias Work = (request: ServiceRequest, time: Duration)

  let settings: ModelledService.Settings
  private(set) var busy = 0
  private(set) var log = CallLog()
  private(set) var served = 0
  private(set) var inVain = 0
  private var queue = WaitQueue<ServiceRequest>()
  var conditions = ServiceConditions()
  /// Other capacities than the usual one, and when.
  var capacities: [(capacity: Int, from: Moment, to: Moment)] = []
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
    if busy < capacity(at: now), queue.isEmpty {
      busy += 1
      return .begins(workTime(at: now, random: random))
    }
    guard queue.count < settings.queue else { return .fails(.overloaded) }
    request.place = queue.append(request)
    return .queued
  }

  /// Ends the work on a request.
  ///
  /// - Returns: How it ended, and the requests that are worked on next.
  mutating func end(
    _ request: ServiceRequest,
    at now: Moment,
    random: RandomSource
  ) -> (failure: ModelledFailure?, next: [Work]) {
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
  /// - Returns: The requests that are worked on next.
  mutating func stop(
    _ request: ServiceRequest,
    isWorkedOn: Bool,
    at now: Moment,
    random: RandomSource
  ) -> [Work] {
    if isWorkedOn { return takeNext(at: now, random: random) }
    if let place = request.place { queue.remove(place) }
    return []
  }

  /// Gives a place back, and as many to those who wait as the capacity now allows.
  private mutating func takeNext(at now: Moment, random: RandomSource) -> [Work] {
    busy -= 1
    var next: [Work] = []
    while busy < capacity(at: now), let request = queue.popFirst() {
      busy += 1
      next.append((request, workTime(at: now, random: random)))
    }
    return next
  }

  /// The capacity at a moment; of several the one added last.
  private func capacity(at moment: Moment) -> Int {
    guard !capacities.isEmpty else { return settings.capacity }
    let found = capacities.last { $0.from <= moment && moment < $0.to }
    return found?.capacity ?? settings.capacity
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
