import ResilienceTesting

extension Scenario {
  /// All scenarios, the default first.
  static let all = [outage, hang, slow, refuse, reset, flapping, errors]

  static let outage = Scenario(
    name: "outage",
    summary: "The service answers 503 to everything.",
    lookAt: "The bare client keeps asking; behind the breaker a few probes per open period do.",
    phases: [.healthy(25), .failing(40, .status(503)), .recovered(35)]
  )

  static let hang = Scenario(
    name: "hang",
    summary: "The service accepts requests and never answers.",
    lookAt: "p50 and p99: each call of the bare client waits for its timeout, in a queue inside "
      + "URLSession once its connections are used up.",
    phases: [.healthy(25), .failing(40, .hang), .recovered(35)]
  )

  static let slow = Scenario(
    name: "slow",
    summary: "The service answers, but takes 600 to 900 ms.",
    lookAt: "A brown-out: the bare client counts late answers as successes, at many times the "
      + "latency; the protected one gives up at its limit, and then does not ask.",
    phases: [
      .healthy(25),
      .failing(40, .latency(.milliseconds(600)...(.milliseconds(900)))),
      .recovered(35),
    ]
  )

  static let refuse = Scenario(
    name: "refuse",
    summary: "Nobody listens: connections are refused.",
    lookAt: "Failing is quick here, so the breaker saves attempts rather than time.",
    phases: [.healthy(25), .failing(40, .refuse), .recovered(35)]
  )

  static let reset = Scenario(
    name: "reset",
    summary: "The service resets each connection when it has read the request.",
    lookAt: "Requests that reached it: on a used connection libcurl repeats some by itself. There "
      + "URLSession on Linux cannot send the body of a POST again, and leaves it to time out.",
    phases: [.healthy(25), .failing(40, .reset(.beforeHandler)), .recovered(35)]
  )

  static let flapping = Scenario(
    name: "flapping",
    summary: "The service goes down for a moment, three times.",
    lookAt: "The breaker's band: it opens once for each fall and closes by itself in between.",
    phases: [
      .healthy(15), .failing(9, .status(503)),
      .healthy(17), .failing(9, .status(503)),
      .healthy(17), .failing(9, .status(503)),
      .recovered(24),
    ]
  )

  static let errors = Scenario(
    name: "errors",
    summary: "The service answers 500 to every second request, by chance.",
    lookAt: "What a breaker costs: it refuses calls of which half would have succeeded, and spares "
      + "a service in trouble the load.",
    phases: [.healthy(25), .failing(40, .status(500), .rate(0.5)), .recovered(35)]
  )
}
