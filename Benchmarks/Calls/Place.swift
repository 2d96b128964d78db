/// Where the calls of a case come from.
enum Place: CaseIterable {
  /// Two tasks that share the policy.
  case twoTasks
  /// Sixty-four tasks that share the policy, on as many threads as there are cores.
  case manyTasks
  /// The main actor.
  case mainActor
  /// An actor that is not the main one.
  case otherActor

  /// What is added to the name of a case.
  var suffix: String {
    switch self {
    case .twoTasks: "@2"
    case .manyTasks: "@64"
    case .mainActor: "@main"
    case .otherActor: "@actor"
    }
  }

  /// Which rounds tell what calls from here take.
  ///
  /// Of rounds with many tasks the shortest is one in which they happened to run one by one.
  var statistic: Series.Statistic {
    switch self {
    case .twoTasks, .manyTasks: .median
    case .mainActor, .otherActor: .minimum
    }
  }

  /// The same calls, made from here.
  func move(_ body: @escaping Body) -> Body {
    switch self {
    case .twoTasks: share(body, among: 2)
    case .manyTasks: share(body, among: 64)
    case .mainActor: { calls in try await runOnMainActor(body, calls: calls) }
    case .otherActor:
      { calls in try await Caller().run(body, calls: calls) }
    }
  }
}

private func share(_ body: @escaping Body, among tasks: Int) -> Body {
  { calls in
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        let share = calls / tasks + (task < calls % tasks ? 1 : 0)
        group.addTask { try await body(share) }
      }
      try await group.waitForAll()
    }
  }
}

/// A body keeps to the isolation of its caller, so its whole loop runs here.
@MainActor
private func runOnMainActor(_ body: Body, calls: Int) async throws {
  MainActor.preconditionIsolated()
  try await body(calls)
}

private actor Caller {
  func run(_ body: Body, calls: Int) async throws {
    try await body(calls)
  }
}
