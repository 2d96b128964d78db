import Resilience

extension Case {
  /// The call with nothing around it.
  static let bareCalls = [
    bare,
    Case("bare.closure", against: "bare") { calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await through { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    bareInlined,
    Case("bare.suspending", against: "bare") { calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await suspendingOperation(i) }
      Blackhole.swallow(sum)
    },
  ]

  /// The call through a policy that does nothing and is inlined whole.
  ///
  /// A function that runs on its caller's isolation returns there, some eighty instructions after it
  /// has called something that may have left. The loop of the bare call needs no such function;
  /// whoever passes a closure to one pays for it once, however many policies are in between.
  static let bareInlined = Case("bare.inlined", against: "bare", of: NoPolicy()) { policy, calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await policy.run { try await operation(i) } }
    Blackhole.swallow(sum)
  }

  static let bare = Case("bare", against: "bare") { calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await operation(i) }
    Blackhole.swallow(sum)
  }
}
