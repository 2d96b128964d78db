import Resilience

extension Case {
  /// Timeouts, after the task group that users write by hand.
  static let timeouts = [
    Case("control.taskgroup", against: "bare") { calls in
      var sum = 0
      for i in 0..<calls {
        sum &+= try await withTaskGroupTimeout(limit) { try await operation(i) }
      }
      Blackhole.swallow(sum)
    },
    Case("control.immediate", against: "bare") { calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await inTaskOfItsOwn { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("timeout", against: "control.taskgroup", of: Timeout(limit)) { timeout, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await timeout.run { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case(
      "control.taskgroup.suspending",
      against: "bare.suspending",
      over: "bare.suspending"
    ) { calls in
      var sum = 0
      for i in 0..<calls {
        sum &+= try await withTaskGroupTimeout(limit) { try await suspendingOperation(i) }
      }
      Blackhole.swallow(sum)
    },
    Case(
      "timeout.suspending",
      against: "control.taskgroup.suspending",
      over: "bare.suspending",
      of: Timeout(limit)
    ) { timeout, calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await timeout.run { try await suspendingOperation(i) } }
      Blackhole.swallow(sum)
    },
  ]

  /// Never reached.
  private static let limit = Duration.seconds(60)
}
