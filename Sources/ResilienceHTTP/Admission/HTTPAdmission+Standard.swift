public import Resilience

extension HTTPAdmission where Policies == Pipeline<AnyPolicy> {
  /// An admission that is safe to begin with.
  ///
  /// From outside to inside: an adaptive limiter, which finds out how many requests may be served at
  /// once, and lets 64 wait for up to 200 ms; sheddable requests may fill half of the places,
  /// sheddable plus ones 0.7, critical ones 0.9; each request within 30 s, or by its deadline.
  ///
  /// - Parameters:
  ///   - name: The name of the admission and its policies.
  ///   - settings: How it behaves. Must be valid.
  ///   - timeline: The time of all its policies.
  ///   - random: Where their chance comes from.
  ///   - observer: Told of what they do.
  /// - Returns: An admission with policies of its own; make it once for one server.
  public static func standard(
    _ name: String,
    _ settings: HTTPAdmissionSettings = HTTPAdmissionSettings(),
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) -> HTTPAdmission {
    var places = AdaptiveLimiterSettings()
    places.queue = QueueSettings(limit: 64, maxWait: .milliseconds(200))
    places.shares = CriticalityShares(sheddable: 0.5, sheddablePlus: 0.7, critical: 0.9)
    let stack = Pipeline(name) {
      AdaptiveLimiter(name, places, timeline: timeline, random: random, observer: observer)
      Timeout(.seconds(30), name: name, timeline: timeline, observer: observer)
    }
    return HTTPAdmission(
      name,
      settings,
      pipeline: Pipeline(name) { AnyPolicy(stack) },
      timeline: timeline,
      random: random
    )
  }
}
