/// What the service goes through in a run.
struct Scenario: Equatable, Sendable {
  /// A stretch of a run in which the service behaves in one way.
  struct Phase: Equatable, Sendable {
    let name: String

    /// Length of the phase as a share of all weights of the scenario.
    let weight: Int

    /// What goes wrong; none while the service is well.
    var faults: [ScopedFault] = []

    /// Whether the service begins the phase cold.
    var restarts = false

    var isFailing: Bool { !faults.isEmpty }
  }

  let name: String

  /// What goes wrong, in a sentence.
  let summary: String

  /// What to look at, in a sentence or two.
  let lookAt: String

  /// What to look at where there are real sockets; nothing of that is simulated.
  var lookAtOnSockets = ""

  /// The clients that show it best, in order.
  var policies: [ClientPolicy] = [.none, .standard]

  var service = ServiceTraits()

  /// What the clients are set to, where that is not as usual.
  var tuning = Tuning()

  /// The phases in order; the first and the last one are healthy.
  let phases: [Phase]

  /// What is claimed, in order.
  var claims: [ClaimName] = [.staysClosed, .sparesTheService, .refusesAtOnce, .recovers]

  /// Whether requests of the failing phases arrive at the service, so that it can count them.
  ///
  /// A refused connection brings none: then only the client knows that it tried.
  var reachesService: Bool {
    phases.contains { $0.faults.contains(where: \.fault.letsRequestsArrive) }
  }

  /// The longest time that the service asks its clients to stay away.
  var longestRetryAfter: Duration {
    let seconds = phases.flatMap(\.faults).compactMap { scoped in
      switch scoped.fault {
      case .status(_, let seconds): seconds
      case .quota(_, let seconds): seconds
      case .hang, .refuse, .reset, .latency, .slowdown: nil
      }
    }
    return .seconds(seconds.max() ?? 0)
  }

  /// All there is to look at in a run, real or simulated.
  func lookAt(isSimulated: Bool) -> String {
    isSimulated || lookAtOnSockets.isEmpty
      ? lookAt : lookAt.isEmpty ? lookAtOnSockets : "\(lookAt) \(lookAtOnSockets)"
  }

  /// When each phase begins in a run of the given length; the first one at zero.
  func starts(in duration: Duration) -> [Duration] {
    let total = phases.reduce(0) { $0 + $1.weight }
    var before = 0
    return phases.map { phase in
      defer { before += phase.weight }
      return duration * before / total
    }
  }
}

extension Scenario.Phase {
  static func healthy(_ weight: Int) -> Self {
    Self(name: "healthy", weight: weight)
  }

  static func failing(_ weight: Int, _ fault: Fault, share: Double = 1, replica: Int? = nil) -> Self
  {
    let scoped = ScopedFault(fault: fault, share: share, replica: replica)
    return Self(name: "failing", weight: weight, faults: [scoped])
  }

  static func recovered(_ weight: Int) -> Self {
    Self(name: "recovered", weight: weight)
  }

  static func cold(_ weight: Int) -> Self {
    Self(name: "cold", weight: weight, restarts: true)
  }
}
