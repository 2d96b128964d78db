import Resilience

/// Calls that an open circuit refuses, each error caught.
///
/// The error is not cast: that would cost more than the refusal.
func refusals(by breaker: CircuitBreaker) -> Body {
  { calls in
    if breaker.state != .open { _ = try? await breaker.run { throw OperationFailure() } }
    var refused = 0
    for i in 0..<calls {
      do {
        Blackhole.swallow(try await breaker.run { try await operation(i) })
      } catch {
        refused += 1
      }
    }
    guard refused == calls else { throw Unexpected(description: "an open circuit let calls pass") }
  }
}

/// Calls that an open circuit refuses without an error.
func silentRefusals(by breaker: CircuitBreaker) -> Body {
  { calls in
    if breaker.state != .open { _ = try? await breaker.run { throw OperationFailure() } }
    var refused = 0
    for i in 0..<calls {
      if let value = try await breaker.runIfAdmitted({ try await operation(i) }) {
        Blackhole.swallow(value)
      } else {
        refused += 1
      }
    }
    guard refused == calls else { throw Unexpected(description: "an open circuit let calls pass") }
  }
}

/// As above, by the plain actor.
func refusals(by breaker: NaiveBreaker) -> Body {
  { calls in
    _ = try? await breaker.run { throw OperationFailure() }
    var refused = 0
    for i in 0..<calls {
      do {
        Blackhole.swallow(try await breaker.run { try await operation(i) })
      } catch {
        refused += 1
      }
    }
    guard refused == calls else { throw Unexpected(description: "the plain actor let calls pass") }
  }
}
