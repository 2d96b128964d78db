import Testing

@testable import ResilienceDemo

/// A claim that cannot fail claims nothing: here the clients are set so that it must.
@Suite("Planted faults")
struct PlantedFaultTests {
  @Test("A breaker that never opens spares nothing, refuses nothing and follows nothing")
  func neverOpens() async throws {
    let broken = try await failed(.outage, .none, .standard) { limits in
      limits.consecutiveFailures = .max
      limits.failureRateLastCalls = 1_000
      limits.failureRateMinimumCalls = 1_000
    }
    #expect(broken == [.sparesTheService, .refusesAtOnce])
  }

  @Test("A breaker that stays open too long does not close before the next fall")
  func opensTooLong() async throws {
    let missed = try await failed(.flapping, .none, .standard) { $0.openMilliseconds = 900 }
    #expect(missed.contains(.followsEachFall))
  }

  @Test("A breaker that is open to the end does not get the service back")
  func neverCloses() async throws {
    let broken = try await failed(.overload, .retry, .standard) { $0.openMilliseconds = 60_000 }
    #expect(broken == [.getsTheServiceBack])
  }

  @Test("Timeouts as long as those of the bare client answer no sooner")
  func longTimeouts() async throws {
    let broken = try await failed(.hang, .none, .standard) { limits in
      limits.attemptTimeoutMilliseconds = 1_000
      limits.callTimeoutMilliseconds = 1_000
      limits.bulkheadLimit = 256
    }
    #expect(broken.contains(.answersSooner))
  }

  @Test("Naive retries that do not retry bring nobody down")
  func oneAttempt() async throws {
    let broken = try await failed(.overload, .retry, .standard) { $0.naiveAttempts = 1 }
    #expect(broken == [.naiveRetriesKeepItDown, .sendsLessThanNaiveRetries])
  }

  @Test("Without a ramp the circuit falls back as others do")
  func noRamp() async throws {
    let broken = try await failed(.cold, .retry, .breaker, .standard) { limits in
      limits.ramp = []
      limits.bulkheadLimit = 64
    }
    #expect(broken.contains(.easesIn))
  }

  @Test("A replica that is never left out gets as many requests as its turns bring it")
  func neverLeftOut() async throws {
    let broken = try await failed(.replica, .none, .standard) { limits in
      limits.ejectAfterFailures = .max
      limits.openMilliseconds = 1
    }
    #expect(broken.contains(.leavesTheBadReplicaOut))
  }

  @Test("A client whose breaker refuses everybody because of one replica hides nothing")
  func refusesAll() async throws {
    let broken = try await failed(.replica, .none, .standard) { limits in
      limits.ejectAfterFailures = .max
      limits.failureRate = 0.2
      limits.openMilliseconds = 60_000
    }
    #expect(broken.contains(.hidesTheBadReplica))
  }

  /// The claims that fail in a short run with other limits.
  private func failed(
    _ scenario: Scenario,
    _ policies: ClientPolicy...,
    change: (inout Limits) -> Void
  ) async throws -> [ClaimName] {
    let options = Options(scenario: scenario, chosen: policies, duration: .seconds(3))
    var limits = options.limits
    change(&limits)
    let result = RunResult(try await Run.simulate(options, limits: limits))
    return result.claims.filter { !$0.holds }.map(\.name)
  }
}
