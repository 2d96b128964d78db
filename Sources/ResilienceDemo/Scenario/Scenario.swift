import ResilienceTesting

/// What the service goes through in a run.
struct Scenario: Equatable, Sendable {
  /// A stretch of a run in which the service behaves in one way.
  struct Phase: Equatable, Sendable {
    let name: String

    /// Length of the phase as a share of all weights of the scenario.
    let weight: Int

    /// What goes wrong; `nil` while the service is well.
    let fault: ServerFault?

    /// Which of the requests it hits.
    let scope: FaultScope

    var isFailing: Bool { fault != nil }
  }

  let name: String

  /// What goes wrong, in a sentence.
  let summary: String

  /// What to look at, in a sentence or two.
  let lookAt: String

  /// The clients that show it best, in order.
  var policies: [ClientPolicy] = [.none, .standard]

  /// The phases in order; the first and the last one are healthy.
  let phases: [Phase]

  /// Whether requests of the failing phases arrive at the service, so that it can count them.
  ///
  /// A refused connection brings none: then only the client knows that it tried.
  var reachesService: Bool { phases.contains { $0.isFailing && $0.fault != .refuse } }

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
    Self(name: "healthy", weight: weight, fault: nil, scope: .always)
  }

  static func failing(_ weight: Int, _ fault: ServerFault, _ scope: FaultScope = .always) -> Self {
    Self(name: "failing", weight: weight, fault: fault, scope: scope)
  }

  static func recovered(_ weight: Int) -> Self {
    Self(name: "recovered", weight: weight, fault: nil, scope: .always)
  }
}
