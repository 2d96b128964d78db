import Foundation
import Resilience
import ResilienceTesting
import Synchronization
import Testing

@testable import ResilienceRPC

/// Counts calls and answers each as a script says; the last answer stays.
private final class ScriptedCallee: Sendable {
  private let state: Mutex<(answers: [RPCStatus?], calls: Int)>

  init(_ answers: RPCStatus?...) {
    state = Mutex((answers, 0))
  }

  var calls: Int { state.withLock { $0.calls } }

  func call(_ attempt: Int) async throws -> String {
    let answer: RPCStatus? = state.withLock { state in
      defer { state.calls += 1 }
      return state.answers[min(state.calls, state.answers.count - 1)]
    }
    if let answer { throw answer }
    return "answer \(attempt)"
  }
}

/// The policy of the example, but for its codes.
private let retrying = #"""
  "retryPolicy": {"maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE", "ABORTED"]}
  """#

private let hedging = #"""
  "hedgingPolicy": {"maxAttempts": 4, "hedgingDelay": "0.5s",
    "nonFatalStatusCodes": ["UNAVAILABLE", "INTERNAL", "ABORTED"]}
  """#

private func config(
  _ method: String,
  _ more: String = "",
  clock: ManualClock? = nil,
  unit: Double = 0
) throws -> ServiceConfig {
  try ServiceConfig(
    json: Data(#"{"methodConfig":[{"name":[{}],\#(method)}]\#(more)}"#.utf8),
    timeline: clock.map { Timeline($0) } ?? Timeline(LeapingClock()),
    random: RandomSource(ConstantGenerator(unit: unit))
  )
}

/// Draws the same number always.
struct ConstantGenerator: RandomNumberGenerator, Sendable {
  private let bits: UInt64

  init(unit: Double) {
    // `Double.random` takes the lower bits.
    bits = UInt64(unit * 0x1p53)
  }

  func next() -> UInt64 { bits }
}

@Suite("Retries of a service configuration", .timeLimit(.minutes(1)))
struct ConfiguredRetryTests {
  @Test("Every retryable code is repeated up to maxAttempts, any other is not")
  func codes() async throws {
    for code in RPCCode.allCases {
      let plan = try config(retrying).plan(for: "a.S/M")
      let callee = ScriptedCallee(RPCStatus(code))
      let error = await #expect(throws: RPCStatus.self) { try await plan.run(callee.call) }
      #expect(error?.code == code)
      #expect(callee.calls == ([.unavailable, .aborted].contains(code) ? 4 : 1), "\(code)")
    }
  }

  @Test("The number of the attempt is told, and the error comes out unwrapped")
  func unwrapped() async throws {
    let plan = try config(retrying).plan(for: "a.S/M")
    let callee = ScriptedCallee(RPCStatus(.unavailable), RPCStatus(.unavailable), nil)
    #expect(try await plan.run(callee.call) == "answer 3")
    struct Other: Error {}
    await #expect(throws: Other.self) { try await plan.run { _ -> Int in throw Other() } }
  }

  /// When the calls of a plan were made, in milliseconds, on a clock that moves by one at a time.
  private func moments(
    of callee: ScriptedCallee,
    calls: Int,
    unit: Double = 0.5
  ) async throws -> [Int] {
    let clock = ManualClock()
    let plan = try config(retrying, clock: clock, unit: unit).plan(for: "a.S/M")
    let times = Recorder()
    let call = Task {
      try await plan.run { attempt in
        times.note(Int(clock.now.offset / .milliseconds(1)))
        return try await callee.call(attempt)
      }
    }
    // Far longer than all pauses take, so that a wrong one fails rather than hangs.
    for _ in 0..<5_000 where times.all.count < calls {
      while clock.sleepers == 0, times.all.count < calls { await Task.yield() }
      clock.advance(by: .milliseconds(1))
    }
    call.cancel()
    _ = await call.result
    return times.all
  }

  private final class Recorder: Sendable {
    private let numbers = Mutex<[Int]>([])

    var all: [Int] { numbers.withLock { $0 } }

    func note(_ number: Int) { numbers.withLock { $0.append(number) } }
  }

  @Test(
    "Pauses grow as configured, a fifth longer or shorter by chance",
    arguments: [(0.0, [0, 80, 240, 560]), (0.5, [0, 100, 300, 700]), (0.75, [0, 110, 330, 770])]
  )
  func pauses(unit: Double, expected: [Int]) async throws {
    let callee = ScriptedCallee(RPCStatus(.unavailable))
    #expect(try await moments(of: callee, calls: 4, unit: unit) == expected)
  }

  @Test("A push-back is waited for exactly, and the pauses begin anew after it")
  func pushback() async throws {
    let pushback = RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": "3000"])
    let callee = ScriptedCallee(RPCStatus(.unavailable), pushback, RPCStatus(.unavailable))
    #expect(try await moments(of: callee, calls: 4) == [0, 100, 3_100, 3_200])
  }

  /// An error of another library.
  private struct Unsent: RPCCodedError {
    var rpcCode: RPCCode { .unavailable }
    var retryAdvice: RetryAdvice { .notProcessed }
  }

  @Test("What does not come from the service keeps its own advice, whatever its code")
  func localErrors() async throws {
    let codes =
      #""UNAVAILABLE","INTERNAL","CANCELLED","DEADLINE_EXCEEDED","INVALID_ARGUMENT","UNKNOWN""#
    let config = try config(
      retrying.replacing(#""UNAVAILABLE", "ABORTED""#, with: codes),
      #","retryThrottling":{"maxTokens":100,"tokenRatio":0.5}"#
    )
    func calls(_ error: any Error) async -> Int {
      let calls = Mutex(0)
      await #expect(throws: (any Error).self) {
        try await config.plan(for: "a.S/M").run { _ -> Int in
          calls.withLock { $0 += 1 }
          throw error
        }
      }
      return calls.withLock { $0 }
    }
    func transport(_ code: URLError.Code) -> RPCStatus {
      .transport(URLError(code), method: "a.S/M")
    }
    func gateway(_ status: Int, _ headers: RPCMetadata = [:]) -> RPCStatus {
      RPCStatus(RPCCode(httpStatus: status), headers: headers, origin: .http(status: status))
    }
    // Forbidden by the table of URLError or of HTTP, though the code is listed.
    #expect(await calls(transport(.serverCertificateUntrusted)) == 1)
    #expect(await calls(transport(.cancelled)) == 1)
    #expect(await calls(gateway(400)) == 1)
    #expect(await calls(gateway(503, ["retry-after": "86400"])) == 1)
    for fault in [
      RPCFault.deadlinePassed, .invalidMetadata(name: "x"), .compressedMessage, .messageCount(2),
    ] {
      #expect(await calls(RPCStatus(fault, method: "a.S/M")) == 1, "\(fault)")
    }
    #expect(config.throttle?.tokens == 100)
    // Not seen by the service, so it costs no token.
    #expect(await calls(transport(.cannotConnectToHost)) == 4)
    #expect(await calls(Unsent()) == 4)
    #expect(await calls(gateway(425)) == 4)
    #expect(await calls(gateway(425, ["retry-after": "2"])) == 4)
    #expect(config.throttle?.tokens == 100)
    #expect(await calls(transport(.networkConnectionLost)) == 4)
    #expect(await calls(RPCStatus(.truncatedResponse, method: "a.S/M")) == 4)
    #expect(await calls(gateway(503)) == 4)
    #expect(await calls(TimedOut(policy: "attempt", limit: .seconds(1))) == 4)
    #expect(config.throttle?.tokens == 84)
  }

  @Test("What is not listed is not repeated, even if it has not reached the service")
  func unlistedRefusal() async throws {
    let plan = try config(retrying.replacing(#""UNAVAILABLE", "#, with: "")).plan(for: "a.S/M")
    let refused = RPCStatus.transport(URLError(.cannotConnectToHost), method: "a.S/M")
    #expect(refused.retryAdvice == .notProcessed)
    let callee = ScriptedCallee(refused)
    let error = await #expect(throws: RPCStatus.self) { try await plan.run(callee.call) }
    #expect(error?.code == .unavailable)
    #expect(callee.calls == 1)
    // Without a code nothing can be listed.
    let calls = Mutex(0)
    await #expect(throws: URLError.self) {
      try await plan.run { _ -> Int in
        calls.withLock { $0 += 1 }
        throw URLError(.cannotConnectToHost)
      }
    }
    #expect(calls.withLock { $0 } == 1)
  }

  @Test(
    "A push-back that cannot be read, or is negative, ends the attempts",
    arguments: ["-1", "x"]
  )
  func forbidden(value: String) async throws {
    let plan = try config(retrying).plan(for: "a.S/M")
    let callee = ScriptedCallee(
      RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": value])
    )
    await #expect(throws: RPCStatus.self) { try await plan.run(callee.call) }
    #expect(callee.calls == 1)
  }

  @Test("The owner's codes count whatever the method's schema says, and the client's do not")
  func unmarkedMethods() async throws {
    let plan = try config(retrying).plan(for: "a.S/M")
    let callee = ScriptedCallee(RPCStatus(.aborted))
    await #expect(throws: RPCStatus.self) { try await plan.runOneByOne(callee.call) }
    #expect(callee.calls == 4)
  }

  @Test("The timeout is that of all attempts")
  func timeout() async throws {
    let clock = ManualClock()
    let plan = try config(#""timeout":"0.12s",\#(retrying)"#, clock: clock, unit: 0.5)
      .plan(for: "a.S/M")
    let callee = ScriptedCallee(RPCStatus(.unavailable))
    async let outcome: Void = {
      _ = try? await plan.run(callee.call)
    }()
    await clock.sleepers(atLeast: 2)
    clock.advance(by: .milliseconds(100))
    // The second pause would end after the timeout, so it is not made.
    await outcome
    #expect(callee.calls == 2)
  }

  @Test("Throttling stops retries, of the failures that count")
  func throttle() async throws {
    let throttling = #","retryThrottling":{"maxTokens":4,"tokenRatio":0.5}"#
    let config = try config(retrying, throttling)
    let plan = config.plan(for: "a.S/M")
    for _ in 0..<9 {
      _ = try? await plan.run(ScriptedCallee(RPCStatus(.notFound)).call)
    }
    #expect(config.throttle?.tokens == 4)
    let failing = ScriptedCallee(RPCStatus(.unavailable))
    _ = try? await plan.run(failing.call)
    #expect(failing.calls == 2)
    #expect(config.throttle?.tokens == 2)
    _ = try? await plan.run(failing.call)
    #expect(failing.calls == 3)
    _ = try? await plan.run(
      ScriptedCallee(RPCStatus(.notFound, trailers: ["grpc-retry-pushback-ms": "-1"])).call
    )
    #expect(config.throttle?.tokens == 0)
    for _ in 0..<5 { _ = try await plan.run(ScriptedCallee(nil).call) }
    #expect(config.throttle?.tokens == 2.5)
  }

  @Test("Calls of methods without a policy fill the tokens as well")
  func throttleWithoutPolicy() async throws {
    let throttling = #","retryThrottling":{"maxTokens":4,"tokenRatio":0.5}"#
    let config = try config(#""timeout":"1s""#, throttling, clock: ManualClock())
    config.throttle?.noteFailure()
    _ = try await config.plan(for: "a.S/M").run(ScriptedCallee(nil).call)
    #expect(config.throttle?.tokens == 3.5)
  }

  @Test("Waiting for ready repeats what has not reached the service, and nothing else")
  func waitForReady() async throws {
    let clock = ManualClock()
    let plan = try config(#""waitForReady":true"#, clock: clock).plan(for: "a.S/M")
    let refused = RPCStatus.transport(URLError(.cannotConnectToHost), method: "a.S/M")
    let callee = ScriptedCallee(refused, refused, refused, nil)
    #expect(try await plan.run(callee.call) == "answer 4")
    let early = RPCStatus(.unknown, headers: ["retry-after": "3"], origin: .http(status: 425))
    async let later = plan.run(ScriptedCallee(early, nil).call)
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .seconds(4))
    #expect(try await later == "answer 2")
    let broken = ScriptedCallee(RPCStatus(.unavailable))
    await #expect(throws: RPCStatus.self) { try await plan.run(broken.call) }
    #expect(broken.calls == 1)
  }

  @Test("Waiting for ready ends after a minute where there is no deadline")
  func boundedWait() async throws {
    let clock = ManualClock()
    let plan = try config(#""waitForReady":true"#, clock: clock, unit: 0.9).plan(for: "a.S/M")
    let callee = ScriptedCallee(
      RPCStatus.transport(URLError(.cannotConnectToHost), method: "a.S/M")
    )
    async let outcome: Void = {
      _ = try? await plan.run(callee.call)
    }()
    for _ in 0..<10 {
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .seconds(6))
    }
    await outcome
    #expect(callee.calls == 11)
  }
}

@Suite("Hedges of a service configuration", .timeLimit(.minutes(1)))
struct ConfiguredHedgeTests {
  /// A callee whose calls wait until a test ends them.
  private final class HeldCallee: Sendable {
    private struct State {
      var waiting: [Int: CheckedContinuation<String, any Error>] = [:]
      var started = 0
      var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    var started: Int { state.withLock { $0.started } }

    var cancelled: Set<Int> { state.withLock { $0.cancelled } }

    func call(_ attempt: Int) async throws -> String {
      try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          let isCancelled = state.withLock { state in
            state.started += 1
            if state.cancelled.contains(attempt) { return true }
            state.waiting[attempt] = continuation
            return false
          }
          if isCancelled { continuation.resume(throwing: CancellationError()) }
        }
      } onCancel: {
        let continuation = state.withLock { state in
          state.cancelled.insert(attempt)
          return state.waiting.removeValue(forKey: attempt)
        }
        continuation?.resume(throwing: CancellationError())
      }
    }

    func end(_ attempt: Int, _ status: RPCStatus? = nil) {
      let continuation = state.withLock { $0.waiting.removeValue(forKey: attempt) }
      if let status {
        continuation?.resume(throwing: status)
      } else {
        continuation?.resume(returning: "answer \(attempt)")
      }
    }

    func started(atLeast count: Int) async {
      while started < count {
        await Task.yield()
      }
    }
  }

  private func outcome(
    _ plan: MethodPlan,
    _ callee: HeldCallee
  ) -> Task<String, any Error> {
    Task { try await plan.run(callee.call) }
  }

  @Test("After 1 ms there is one call, after 501 ms two, after 1001 ms three, after 1501 ms four")
  func staggered() async throws {
    let clock = ManualClock()
    let callee = HeldCallee()
    let call = outcome(try config(hedging, clock: clock).plan(for: "a.S/M"), callee)
    await callee.started(atLeast: 1)
    for number in 2...4 {
      // Delays that were replaced are over already, so one sleeps.
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .milliseconds(499))
      #expect(clock.sleepers == 1)
      #expect(callee.started == number - 1)
      clock.advance(by: .milliseconds(1))
      await callee.started(atLeast: number)
    }
    callee.end(3)
    #expect(try await call.value == "answer 3")
    #expect(callee.cancelled == [1, 2, 4])
    #expect(callee.started == 4)
  }

  @Test("Without a delay all calls are made at once")
  func atOnce() async throws {
    let callee = HeldCallee()
    let call = outcome(
      try config(#""hedgingPolicy":{"maxAttempts":4}"#).plan(for: "a.S/M"),
      callee
    )
    await callee.started(atLeast: 4)
    callee.end(2)
    #expect(try await call.value == "answer 2")
  }

  @Test("A failure that is not fatal makes the next call at once")
  func nonFatal() async throws {
    let callee = HeldCallee()
    let call = outcome(try config(hedging, clock: ManualClock()).plan(for: "a.S/M"), callee)
    for attempt in 1...3 {
      await callee.started(atLeast: attempt)
      callee.end(attempt, RPCStatus(.internal))
    }
    await callee.started(atLeast: 4)
    callee.end(4)
    #expect(try await call.value == "answer 4")
  }

  @Test("A failure that is fatal ends all calls")
  func fatal() async throws {
    let clock = ManualClock()
    let callee = HeldCallee()
    let call = outcome(try config(hedging, clock: clock).plan(for: "a.S/M"), callee)
    await callee.started(atLeast: 1)
    await clock.sleepers(atLeast: 1)
    clock.advance(by: .milliseconds(500))
    await callee.started(atLeast: 2)
    callee.end(2, RPCStatus(.permissionDenied))
    let error = await #expect(throws: RPCStatus.self) { try await call.value }
    #expect(error?.code == .permissionDenied)
    #expect(callee.cancelled == [1])
  }

  private final class Tally: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
  }

  @Test("A refusal further in leaves the calls under way alone, and there is no further one")
  func refusal() async throws {
    let clock = ManualClock()
    let callee = HeldCallee()
    let bulkhead = Bulkhead(limit: 1, queue: 0, name: "x")
    let plan = try config(hedging, clock: clock).plan(for: "a.S/M")
    let refusals = Tally()
    for (number, status) in [(1, nil), (2, RPCStatus(.unavailable))] {
      let outcome = Task {
        try await plan.run { attempt in
          do {
            return try await bulkhead.run { try await callee.call(attempt) }
          } catch let refusal as any Rejection {
            refusals.add()
            throw refusal
          }
        }
      }
      await callee.started(atLeast: number)
      await clock.sleepers(atLeast: 1)
      clock.advance(by: .milliseconds(500))
      while refusals.count < number { await Task.yield() }
      clock.advance(by: .seconds(2))
      // Time for a cancellation or a further call, if there were one.
      for _ in 0..<100 { await Task.yield() }
      #expect(refusals.count == number)
      callee.end(1, status)
      if status == nil {
        #expect(try await outcome.value == "answer 1")
      } else {
        let error = await #expect(throws: RPCStatus.self) { try await outcome.value }
        #expect(error?.code == .unavailable)
      }
      #expect(callee.started == number)
      #expect(callee.cancelled.isEmpty)
    }
  }

  @Test("What failed says more than a refusal after it")
  func refusalLast() async throws {
    let plan = try config(hedging, clock: ManualClock()).plan(for: "a.S/M")
    let error = await #expect(throws: RPCStatus.self) {
      try await plan.run { attempt -> Int in
        if attempt == 1 { throw RPCStatus(.unavailable) }
        throw BulkheadFull(policy: "x", reason: .queueFull)
      }
    }
    #expect(error?.code == .unavailable)
    await #expect(throws: BulkheadFull.self) {
      try await plan.run { _ -> Int in throw BulkheadFull(policy: "x", reason: .queueFull) }
    }
  }

  @Test("When all fail the last failure comes out, and nothing is repeated")
  func allFail() async throws {
    for code in RPCCode.allCases {
      let callee = ScriptedCallee(RPCStatus(code, "at first"), RPCStatus(code))
      let plan = try config(hedging, clock: ManualClock()).plan(for: "a.S/M")
      let error = await #expect(throws: RPCStatus.self) { try await plan.run(callee.call) }
      #expect(error?.code == code)
      let isFatal = ![.unavailable, .internal, .aborted].contains(code)
      #expect(callee.calls == (isFatal ? 1 : 4), "\(code)")
    }
  }

  @Test("A push-back postpones the next call, or forbids it")
  func pushback() async throws {
    let clock = ManualClock()
    let callee = HeldCallee()
    let call = outcome(try config(hedging, clock: clock).plan(for: "a.S/M"), callee)
    await callee.started(atLeast: 1)
    await clock.sleepers(atLeast: 1)
    callee.end(1, RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": "2000"]))
    await clock.sleepers(atLeast: 2)
    clock.advance(by: .milliseconds(1_999))
    #expect(callee.started == 1)
    clock.advance(by: .milliseconds(1))
    await callee.started(atLeast: 2)
    callee.end(2, RPCStatus(.unavailable, trailers: ["grpc-retry-pushback-ms": "-1"]))
    await #expect(throws: RPCStatus.self) { try await call.value }
    #expect(callee.started == 2)
  }

  @Test("A push-back that is too long, or ends after the deadline, is not waited for")
  func longPushback() async throws {
    func calls(_ pushback: String, _ more: String = "") async throws -> Int {
      let clock = ManualClock()
      let config = try config(
        hedging.replacing("0.5s", with: "900s") + more,
        clock: clock
      )
      let callee = ScriptedCallee(
        RPCStatus(.unavailable, "pushed", trailers: ["grpc-retry-pushback-ms": pushback]),
        nil
      )
      let call = Task { try await config.plan(for: "a.S/M").run(callee.call) }
      let isOver = Mutex(false)
      let watch = Task {
        _ = await call.result
        isOver.withLock { $0 = true }
      }
      var waited = 0
      // Far longer than what is waited for, so that a longer wait fails rather than takes for ever.
      while !isOver.withLock({ $0 }), waited < 400 {
        await Task.yield()
        // The pause is one of those who sleep, with the delay that it replaces and the timeout.
        let isWaiting = clock.sleepers == (more.isEmpty ? 2 : 3)
        guard callee.calls == 1, isWaiting else { continue }
        clock.advance(by: .seconds(1))
        waited += 1
      }
      guard waited < 400 else {
        call.cancel()
        return waited
      }
      await watch.value
      if callee.calls == 1 {
        let error = await #expect(throws: RPCStatus.self) { try await call.value }
        #expect(error?.message == "pushed")
      }
      return callee.calls
    }
    #expect(try await calls("300000") == 2)
    #expect(try await calls("300001") == 1)
    #expect(try await calls("2147483647") == 1)
    #expect(try await calls("9000", #","timeout":"10s""#) == 2)
    #expect(try await calls("10000", #","timeout":"10s""#) == 1)
  }

  @Test("A failure that does not come from the service ends all calls if it forbids to repeat")
  func localErrors() async throws {
    let codes = hedging.replacing(#""ABORTED""#, with: #""DEADLINE_EXCEEDED", "CANCELLED""#)
    func calls(_ error: any Error) async throws -> Int {
      let calls = Mutex(0)
      let plan = try config(codes, clock: ManualClock()).plan(for: "a.S/M")
      await #expect(throws: (any Error).self) {
        try await plan.run { _ -> Int in
          calls.withLock { $0 += 1 }
          throw error
        }
      }
      return calls.withLock { $0 }
    }
    #expect(try await calls(RPCStatus(.notDecodable(URLError(.badURL)), method: "a.S/M")) == 1)
    let untrusted = URLError(.serverCertificateUntrusted)
    #expect(try await calls(RPCStatus.transport(untrusted, method: "a.S/M")) == 1)
    #expect(try await calls(RPCStatus.transport(URLError(.cancelled), method: "a.S/M")) == 1)
    let refused = URLError(.cannotConnectToHost)
    #expect(try await calls(RPCStatus.transport(refused, method: "a.S/M")) == 4)
    #expect(try await calls(TimedOut(policy: "attempt", limit: .seconds(1))) == 4)
  }

  @Test("Throttling stops hedges, but never the first call")
  func throttled() async throws {
    let throttling = #","retryThrottling":{"maxTokens":4,"tokenRatio":1}"#
    let config = try config(hedging, throttling, clock: ManualClock())
    for _ in 0..<2 { config.throttle?.noteFailure() }
    let failing = ScriptedCallee(RPCStatus(.unavailable))
    await #expect(throws: RPCStatus.self) {
      try await config.plan(for: "a.S/M").run(failing.call)
    }
    #expect(failing.calls == 1)
    #expect(config.throttle?.tokens == 1)
    _ = try await config.plan(for: "a.S/M").run(ScriptedCallee(nil).call)
    #expect(config.throttle?.tokens == 2)
  }

  @Test("A cancelled caller cancels all calls")
  func cancelled() async throws {
    let callee = HeldCallee()
    let call = outcome(
      try config(#""hedgingPolicy":{"maxAttempts":3}"#).plan(for: "a.S/M"),
      callee
    )
    await callee.started(atLeast: 3)
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    #expect(callee.cancelled == [1, 2, 3])
  }
}
