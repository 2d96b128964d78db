import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

@Suite("Admission")
struct HTTPAdmissionTests {
  private struct Broken: Error, Equatable {}

  private let clock = ManualClock()
  private var timeline: Timeline { Timeline(clock) }

  private func head(_ headers: HTTPHeaders = [:], path: String = "/users/1") -> HTTPRequestHead {
    HTTPRequestHead(method: "GET", path: path, headers: headers)
  }

  private func admission<P: Policy>(
    _ policy: P,
    seed: UInt64 = 1,
    _ change: (inout HTTPAdmissionSettings) -> Void = { _ in }
  ) -> HTTPAdmission<P> {
    var settings = HTTPAdmissionSettings()
    settings.retrySpread = 0
    change(&settings)
    return HTTPAdmission(
      "api",
      settings,
      pipeline: policy,
      timeline: timeline,
      random: RandomSource(SplitMix64(seed: seed))
    )
  }

  /// A policy that refuses with an error.
  private struct Refusing: Policy {
    let error: any Error
    func run<T>(_ operation: () async throws -> T) async throws -> T { throw error }
  }

  private func refusal(
    _ error: any Error,
    seed: UInt64 = 1,
    _ change: (inout HTTPAdmissionSettings) -> Void = { _ in }
  ) async throws -> HTTPRefusal {
    let admitted = try await admission(Refusing(error: error), seed: seed, change).admit(head()) {}
    guard case .refused(let refusal) = admitted else { throw Broken() }
    return refusal
  }

  @Test("What the handler calls carries the ID and the trace of the request on")
  func carriedOn() async throws {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let head = HTTPRequestHead(
      method: "GET",
      path: "/",
      headers: ["X-Request-ID": "call 7".replacing(" ", with: "-"), "traceparent": parent]
    )
    let admission = HTTPAdmission("api", pipeline: NoPolicy())
    let seen = try await admission.respond(to: head) {
      RequestContext.current
    } refusing: { _ in
      RequestContext()
    }
    #expect(seen.requestID == "call-7")
    #expect(seen.trace?.parent == parent)
    #expect(RequestContext.current.requestID == nil)
  }

  @Test("A request runs with the class and the time that it says, and its response comes out")
  func stated() async throws {
    let headers: HTTPHeaders = ["X-Request-Criticality": "sheddable", "X-Request-Deadline": "1500"]
    let admission = admission(NoPolicy())
    let admitted = try await admission.admit(head(headers)) {
      #expect(Criticality.stated == .sheddable)
      #expect(Deadline.current?.remaining == .milliseconds(1_500))
      clock.advance(by: .seconds(1))
      #expect(Deadline.current?.remaining == .milliseconds(500))
      return 42
    }
    guard case .served(42) = admitted else { throw Broken() }
  }

  @Test("What a request does not say is the server's to say")
  func unstated() async throws {
    let admission = admission(NoPolicy()) { $0.criticality = .sheddablePlus }
    _ = try await admission.admit(head(["X-Request-Criticality": "huge"])) {
      #expect(Criticality.stated == .sheddablePlus && Deadline.current == nil)
    }
    let deaf = self.admission(NoPolicy()) { $0.deadline = nil }
    _ = try await deaf.admit(head(["X-Request-Deadline": "0"])) { #expect(Deadline.current == nil) }
  }

  @Test("A claim is cut to the highest allowed, and the server's own table comes first")
  func claims() {
    let admission = admission(NoPolicy()) { settings in
      settings.highestClaim = .sheddablePlus
      settings.classify = { head, claim in
        head.path == "/health" ? .criticalPlus : head.method == "POST" ? claim : nil
      }
    }
    let most: HTTPHeaders = ["X-Request-Criticality": "critical-plus"]
    #expect(admission.criticality(of: head(most)) == .sheddablePlus)
    #expect(admission.criticality(of: head(["X-Request-Criticality": "sheddable"])) == .sheddable)
    #expect(admission.criticality(of: head()) == .critical)
    #expect(admission.criticality(of: head(path: "/health")) == .criticalPlus)
    let post = HTTPRequestHead(method: "POST", path: "/", headers: most)
    #expect(admission.criticality(of: post) == .criticalPlus)
  }

  @Test("Requests wait in turns by the key that the server finds in them")
  func fairness() async throws {
    let admission = admission(NoPolicy()) { $0.fairnessKey = { $0.headers["X-Tenant"] } }
    _ = try await admission.admit(head(["X-Tenant": "a"])) { #expect(FairnessKey.current == "a") }
    _ = try await admission.admit(head()) { #expect(FairnessKey.current == nil) }
  }

  @Test("A request whose deadline has passed is not begun, nor does it reach a policy")
  func late() async throws {
    let bulkhead = Bulkhead(limit: 1, timeline: timeline)
    let place = try await bulkhead.acquire()
    let admission = admission(bulkhead)
    let admitted = try await admission.admit(head(["X-Request-Deadline": "0"])) {
      Issue.record("begun")
    }
    guard case .refused(let refusal) = admitted else { throw Broken() }
    #expect(refusal.status == 503 && refusal.retryAfter == nil && !refusal.hasBegun)
    #expect(refusal.cause as? DeadlinePassed == DeadlinePassed(policy: "api", late: .zero))
    #expect(refusal.headers == ["Cache-Control": "no-store"])
    place.release()
  }

  @Test("A request whose deadline passes in a queue is not begun")
  func lateInQueue() async throws {
    /// Lets time pass before the operation, as a queue that is deaf to deadlines.
    struct Slow: Policy {
      let clock: ManualClock
      func run<T>(_ operation: () async throws -> T) async throws -> T {
        clock.advance(by: .seconds(2))
        return try await operation()
      }
    }
    let admitted = try await admission(Slow(clock: clock)) { $0.lateStatus = 504 }
      .admit(head(["X-Request-Deadline": "1500"])) { Issue.record("begun") }
    guard case .refused(let refusal) = admitted else { throw Broken() }
    #expect(refusal.status == 504 && !refusal.hasBegun)
    #expect(refusal.cause as? DeadlinePassed == .init(policy: "api", late: .milliseconds(500)))
  }

  @Test("Each refusal has its status")
  func statuses() async throws {
    let limited = RateLimited(policy: "x", reason: .noPermit, retryAfter: .milliseconds(1_001))
    let tooMany = try await refusal(limited)
    #expect(tooMany.status == 429 && tooMany.retryAfter == 2)
    let open = try await refusal(CircuitOpen(policy: "x", retryAfter: .seconds(30)))
    #expect(open.status == 503 && open.retryAfter == 30)
    let full = try await refusal(BulkheadFull(policy: "x", reason: .queueFull))
    #expect(full.status == 503 && full.retryAfter == 1)
    let reached = AdaptiveLimitReached(policy: "x", limit: 1, reason: .queueFull)
    #expect(try await refusal(reached).status == 503)
    let throttled = Throttled(policy: "x", probability: 0.5, criticality: .sheddable)
    #expect(try await refusal(throttled).status == 503)
    #expect(try await refusal(TimedOut(policy: "x", limit: .zero)).status == 503)
    #expect(
      try await refusal(TimedOut(policy: "x", limit: .zero)) { $0.lateStatus = 504 }.status == 504
    )
  }

  @Test(
    "Retry-After is in whole seconds, rounded up, at least one and bounded",
    arguments: [
      (Duration.zero, 1), (.nanoseconds(1), 1), (.seconds(-5), 1), (.milliseconds(999), 1),
      (.seconds(1), 1), (.milliseconds(1_001), 2), (.seconds(7), 7), (.seconds(86_399), 86_399),
      (.seconds(1_000_000), 86_400), (.seconds(Int64.max), 86_400),
      (Duration(secondsComponent: .max, attosecondsComponent: 1), 86_400),
    ]
  )
  func rounding(pause: Duration, expected: Int) async throws {
    let refusal = try await refusal(CircuitOpen(policy: "x", retryAfter: pause))
    #expect(refusal.retryAfter == expected)
    #expect(refusal.headers["retry-after"] == "\(expected)")
  }

  @Test("Retry-After is spread, and never earlier than the policy says")
  func spread() async throws {
    var seen: [Int: Int] = [:]
    for seed in 0..<300 as Range<UInt64> {
      let refusal = try await refusal(CircuitOpen(policy: "x", retryAfter: .seconds(5)), seed: seed)
      {
        $0.retrySpread = 2
      }
      seen[refusal.retryAfter ?? 0, default: 0] += 1
    }
    #expect(Set(seen.keys) == [5, 6, 7] && seen.values.allSatisfy { $0 > 60 }, "\(seen)")
  }

  @Test("Where neither the policy nor the server says when to come again, nothing is said")
  func unsaid() async throws {
    let full = BulkheadFull(policy: "x", reason: .queueFull)
    let refusal = try await refusal(full) { $0.retryAfter = nil }
    #expect(refusal.retryAfter == nil && refusal.headers["Retry-After"] == nil)
  }

  @Test("An error of the handler comes out as it is, a refusal further in too")
  func handlersOwn() async throws {
    let admission = admission(Pipeline("x") { CircuitBreaker("outer", timeline: timeline) })
    await #expect(throws: Broken()) { try await admission.admit(head()) { throw Broken() } }
    await #expect(throws: CircuitOpen.self) {
      try await admission.admit(head()) { throw CircuitOpen(policy: "inner", retryAfter: nil) }
    }
    await #expect(throws: TimedOut.self) {
      try await admission.admit(head()) { throw TimedOut(policy: "inner", limit: .seconds(1)) }
    }
    await #expect(throws: CancellationError.self) {
      try await admission.admit(head()) { throw CancellationError() }
    }
  }

  @Test("A refusal of the pipeline after the handler has failed is the pipeline's")
  func refusalAfterFailure() async throws {
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1), timeline: timeline)
    let pipeline = Pipeline("x") {
      Retry(attempts: 2, backoff: .none, timeline: timeline)
      breaker
    }
    let admitted = try await admission(pipeline).admit(head()) { throw Broken() }
    guard case .refused(let refusal) = admitted else { throw Broken() }
    #expect(refusal.status == 503 && refusal.hasBegun && refusal.cause is CircuitOpen)
  }

  @Test("A timeout of the pipeline is its own, though the handler threw its cancellation")
  func timedOut() async throws {
    let admission = admission(Timeout(.seconds(1), timeline: timeline))
    let task = Task {
      try await admission.admit(head()) { try await timeline.sleep(for: .seconds(100)) }
    }
    await clock.sleepers(atLeast: 2)
    clock.advance(by: .seconds(1))
    guard case .refused(let refusal) = try await task.value else { throw Broken() }
    #expect(refusal.status == 503 && refusal.hasBegun && refusal.cause is TimedOut)
  }

  @Test("A response can be made of a refusal where one is needed")
  func respond() async throws {
    let full = BulkheadFull(policy: "x", reason: .queueFull)
    let refused = try await admission(Refusing(error: full)).respond(to: head(), { 200 }) {
      $0.status
    }
    let served = try await admission(NoPolicy()).respond(to: head(), { 200 }) { $0.status }
    #expect(refused == 503 && served == 200)
  }

  @Test("The standard is an adaptive limiter that sheds, and a timeout")
  func standard() {
    let stages = HTTPAdmission.standard("api").stages
    #expect(stages.map(\.kind) == [.adaptiveLimiter, .timeout])
    #expect(stages[0].description.contains("sheddable 0.5, sheddable-plus 0.7, critical 0.9"))
    #expect(stages[1].timeLimit == .seconds(30))
    #expect(HTTPAdmission.standard("api").lint().isEmpty)
  }

  @Test("Settings out of range are named with what is allowed")
  func invalid() {
    func message(_ change: (inout HTTPAdmissionSettings) -> Void) -> String? {
      var settings = HTTPAdmissionSettings()
      change(&settings)
      do { try settings.validate() } catch { return error.description }
      return nil
    }
    #expect(message { _ in } == nil)
    #expect(message { $0.retryAfter = 0 } == "retry after is 0, but must be in 1...3600")
    #expect(message { $0.retrySpread = -1 } == "retry spread is -1, but must be in 0...3600")
    #expect(message { $0.lateStatus = 408 } == "late status is 408, but must be in 503...504")
  }
}
