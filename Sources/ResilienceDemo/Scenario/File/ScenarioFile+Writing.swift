import Foundation

extension ScenarioFile {
  /// The file of a scenario: read again, it is the same scenario.
  ///
  /// - Throws: The encoder's error; JSON cannot say a number that is none.
  static func text(of scenario: Scenario) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(tree(of: scenario)), as: UTF8.self) + "\n"
  }

  private static func tree(of scenario: Scenario) -> JSONTree {
    .members([
      "name": .text(scenario.name),
      "summary": .text(scenario.summary),
      "lookAt": .text(scenario.lookAt),
      "lookAtOnSockets": scenario.lookAtOnSockets.isEmpty ? nil : .text(scenario.lookAtOnSockets),
      "clients": .list(scenario.policies.map { .text($0.rawValue) }),
      "service": tree(of: scenario.service),
      "tuning": tree(of: scenario.tuning),
      "phases": .list(scenario.phases.map(tree)),
      "claims": .list(scenario.claims.map { .text($0.rawValue) }),
    ])
  }

  private static func tree(of service: ServiceTraits) -> JSONTree {
    .members([
      "replicas": .integer(service.replicas),
      "capacity": service.capacity.map(JSONTree.number),
      "queueSeconds": .number(service.queueSeconds),
      "cold": service.cold.map { cold in
        .object([
          "slowdown": .number(cold.slowdown), "warmAfterSeconds": .number(cold.warmAfterSeconds),
        ])
      },
    ])
  }

  private static func tree(of tuning: Tuning) -> JSONTree {
    .members([
      "callTimeoutAtLeastMilliseconds": tuning.callTimeoutAtLeast.map {
        .integer(Int($0.milliseconds))
      },
      "failureRate": tuning.failureRate.map(JSONTree.number),
      "probes": tuning.probes.map(JSONTree.integer),
      "ramp": tuning.ramp.map { .list($0.map(JSONTree.number)) },
      "successesPerStep": tuning.successesPerStep.map(JSONTree.integer),
    ])
  }

  private static func tree(of phase: Scenario.Phase) -> JSONTree {
    .members([
      "name": .text(phase.name),
      "weight": .integer(phase.weight),
      "restarts": phase.restarts ? .bool(true) : nil,
      "faults": phase.isFailing ? .list(phase.faults.map(tree)) : nil,
    ])
  }

  private static func tree(of scoped: ScopedFault) -> JSONTree {
    var members: [String: JSONTree?] = [
      "share": scoped.share < 1 ? .number(scoped.share) : nil,
      "replica": scoped.replica.map(JSONTree.integer),
    ]
    switch scoped.fault {
    case .status(let status, let seconds):
      members["kind"] = .text("status")
      members["status"] = .integer(status)
      members["retryAfterSeconds"] = seconds.map(JSONTree.integer)
    case .hang: members["kind"] = .text("hang")
    case .refuse: members["kind"] = .text("refuse")
    case .reset: members["kind"] = .text("reset")
    case .latency(let range):
      members["kind"] = .text("latency")
      members["fromMilliseconds"] = .integer(Int(range.lowerBound.milliseconds))
      members["toMilliseconds"] = .integer(Int(range.upperBound.milliseconds))
    case .slowdown(let factor):
      members["kind"] = .text("slowdown")
      members["factor"] = .number(factor)
    case .quota(let share, let seconds):
      members["kind"] = .text("quota")
      members["ofCalls"] = .number(share)
      members["retryAfterSeconds"] = .integer(seconds)
    }
    return .members(members)
  }
}

extension JSONTree {
  /// An object of those members that there are.
  fileprivate static func members(_ members: [String: JSONTree?]) -> JSONTree {
    .object(members.compactMapValues(\.self))
  }
}
