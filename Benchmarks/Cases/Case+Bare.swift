extension Case {
  /// The call with nothing around it.
  static let bareCalls = [
    bare,
    Case("bare.closure", against: "bare") { calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await through { try await operation(i) } }
      Blackhole.swallow(sum)
    },
    Case("bare.suspending", against: "bare") { calls in
      var sum = 0
      for i in 0..<calls { sum &+= try await suspendingOperation(i) }
      Blackhole.swallow(sum)
    },
  ]

  static let bare = Case("bare", against: "bare") { calls in
    var sum = 0
    for i in 0..<calls { sum &+= try await operation(i) }
    Blackhole.swallow(sum)
  }
}
