extension Scenario {
  /// All scenarios, the default first.
  static let all = [
    outage, slow, hang, flapping, errors, reset, refuse, overload, replica, limited, cold,
  ]

  static let outage = Scenario(
    name: "outage",
    summary: "The service answers 503 to everything.",
    lookAt: "The bare client keeps asking; behind the breaker a few probes per open period do.",
    phases: [.healthy(25), .failing(40, .status(503)), .recovered(35)]
  )

  static let slow = Scenario(
    name: "slow",
    summary: "The service answers, but takes 600 to 900 ms.",
    lookAt: "A brown-out: the bare client counts late answers as successes, at many times the "
      + "latency; the standard one gives up at its limit, and then does not ask.",
    phases: [
      .healthy(25),
      .failing(40, .latency(.milliseconds(600)...(.milliseconds(900)))),
      .recovered(35),
    ],
    claims: [.staysClosed, .sparesTheService, .refusesAtOnce, .answersSooner, .recovers]
  )

  static let hang = Scenario(
    name: "hang",
    summary: "The service accepts requests and never answers.",
    lookAt: "p50 and p99: each call of the bare client waits for its timeout.",
    lookAtOnSockets: "Once its connections are used up, it does so in a queue inside URLSession.",
    phases: [.healthy(25), .failing(40, .hang), .recovered(35)],
    claims: [.staysClosed, .sparesTheService, .refusesAtOnce, .answersSooner, .recovers]
  )

  static let flapping = Scenario(
    name: "flapping",
    summary: "The service goes down for a moment, three times.",
    lookAt: "The breaker's band: it opens at each fall and closes by itself in between.",
    phases: [
      .healthy(15), .failing(9, .status(503)),
      .healthy(17), .failing(9, .status(503)),
      .healthy(17), .failing(9, .status(503)),
      .recovered(24),
    ],
    claims: [.staysClosed, .followsEachFall, .sparesTheService, .refusesAtOnce, .recovers]
  )

  static let errors = Scenario(
    name: "errors",
    summary: "The service answers 500 to every second request, by chance.",
    lookAt: "What a breaker costs: it refuses calls of which half would have succeeded, and spares "
      + "a service in trouble the load.",
    phases: [.healthy(25), .failing(40, .status(500), share: 0.5), .recovered(35)]
  )

  static let reset = Scenario(
    name: "reset",
    summary: "The service resets each connection when it has read the request.",
    lookAt: "Requests that reached it: behind the breaker they are the probes.",
    lookAtOnSockets:
      "On a used connection libcurl repeats some by itself. There URLSession on Linux "
      + "cannot send the body of a POST again, and leaves it to time out.",
    phases: [.healthy(25), .failing(40, .reset), .recovered(35)]
  )

  static let refuse = Scenario(
    name: "refuse",
    summary: "Nobody listens: connections are refused.",
    lookAt: "Failing is quick here, so the breaker saves attempts rather than time.",
    phases: [.healthy(25), .failing(40, .refuse), .recovered(35)]
  )

  static let overload = Scenario(
    name: "overload",
    summary: "The service is slow for a while; naive retries keep it down for good.",
    lookAt: "The end: the cause is long gone, but four attempts per call are more than the service "
      + "can do, so that each times out. The breaker lets it work its queue off.",
    policies: [.none, .retry, .standard],
    service: ServiceTraits(capacity: 1.5),
    phases: [.healthy(20), .failing(20, .slowdown(8)), .recovered(60)],
    claims: [
      .staysClosed, .naiveRetriesKeepItDown, .sendsLessThanNaiveRetries, .refusesAtOnce,
      .getsTheServiceBack,
    ]
  )

  static let replica = Scenario(
    name: "replica",
    summary: "One of three replicas answers 500 to everything.",
    lookAt: "Taking turns, a third of the calls fail. The standard client leaves the bad replica "
      + "out after a few failures, probes it now and then, and repeats the failed reads elsewhere.",
    service: ServiceTraits(replicas: 3),
    tuning: Tuning(failureRate: 0.7),
    phases: [.healthy(25), .failing(40, .status(500), replica: 2), .recovered(35)],
    claims: [.staysClosed, .leavesTheBadReplicaOut, .hidesTheBadReplica]
  )

  static let limited = Scenario(
    name: "limited",
    summary:
      "The service serves half of the calls, and answers 429 with Retry-After to the others.",
    lookAt: "Who asks again before Retry-After is over is locked out anew. Naive retries do so all "
      + "the time; the standard client stays away for as long as it was told.",
    policies: [.retry, .standard],
    tuning: Tuning(callTimeoutAtLeast: .milliseconds(2_500)),
    phases: [
      .healthy(25), .failing(40, .quota(0.5, retryAfterSeconds: 1)), .recovered(35),
    ],
    claims: [.staysClosed, .honoursRetryAfter, .sendsLessThanNaiveRetries, .refusesAtOnce]
  )

  static let cold = Scenario(
    name: "cold",
    summary: "The service restarts with a cold cache, and is slow until it is warm.",
    lookAt:
      "After the restart: naive retries bury it. A breaker that closes after its probes falls "
      + "back; the standard one lets a growing share of the calls in.",
    policies: [.retry, .breaker, .standard],
    service: ServiceTraits(
      capacity: 1.5,
      cold: ServiceTraits.Cold(slowdown: 8, warmAfterSeconds: 0.25)
    ),
    tuning: Tuning(
      probes: 1,
      ramp: [0.25, 0.5],
      successesPerStep: 6
    ),
    phases: [.healthy(15), .failing(10, .status(503)), .cold(75)],
    claims: [.staysClosed, .naiveRetriesKeepItDown, .easesIn, .getsTheServiceBack]
  )
}
