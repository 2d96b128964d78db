/// How a circuit breaker behaves; checked once, where it enters.
struct BreakerSettings: Sendable {
  let name: String
  let trip: TripRule
  let openDuration: Duration
  let probes: Int
  let successesToClose: Int

  init(
    name: String,
    trip: TripRule,
    openDuration: Duration,
    probes: Int,
    successesToClose: Int
  ) {
    precondition((1...65_535).contains(probes), "need 1 <= probes (\(probes)) <= 65535")
    precondition(successesToClose >= 1, "need successes to close (\(successesToClose)) >= 1")
    self.name = name
    self.trip = trip
    self.openDuration = openDuration
    self.probes = probes
    self.successesToClose = successesToClose
  }
}
