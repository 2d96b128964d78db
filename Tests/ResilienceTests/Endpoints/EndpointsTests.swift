import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Endpoints")
struct EndpointsTests {
  private let clock = ManualClock()
  private let events = Recorder<String>()

  private func endpoints(
    _ names: [String] = ["a", "b", "c"],
    judging classifier: Classifier = .standard,
    _ change: (inout EndpointSettings) -> Void = { _ in }
  ) -> Endpoints<String> {
    var settings = EndpointSettings()
    settings.choice = .roundRobin
    settings.consecutiveFailures = 2
    settings.ejectionJitter = 0
    change(&settings)
    return Endpoints(
      "users",
      names,
      settings,
      judging: classifier,
      timeline: Timeline(clock),
      random: RandomSource(SplitMix64(seed: 1)),
      observer: ClosureObserver { [events] in events("\($0.policy): \($0.kind)") }
    )
  }

  /// Fails on the given endpoints, and returns where it went elsewhere.
  private func call(_ endpoints: Endpoints<String>, failingOn bad: Set<String> = []) async
    -> String?
  {
    try? await endpoints.run { name in
      if bad.contains(name) { throw Boom() }
      return name
    }
  }

  @Test("Values and errors come out as they are, on the caller's isolation")
  @MainActor func transparent() async throws {
    let endpoints = endpoints()
    var count = 0
    let name = try await endpoints.run { name in
      count += 1
      return name
    }
    #expect(name == "a" && count == 1)
    await #expect(throws: Boom(number: 3)) {
      try await endpoints.run { _ in throw Boom(number: 3) }
    }
    #expect(endpoints.snapshot.map(\.calls) == [1, 1, 0])
    #expect(endpoints.snapshot.map(\.failures) == [0, 1, 0])
    #expect(endpoints.snapshot.allSatisfy { $0.inFlight == 0 })
  }

  @Test("A retry goes elsewhere each time, and tries the last again only when there is no other")
  func retry() async throws {
    var path: [String] = []
    let retry = Retry(attempts: 5, backoff: .none, timeline: Timeline(clock))
    for choice in [EndpointSettings.Choice.roundRobin, .leastInFlight] {
      let endpoints = endpoints { settings in
        settings.choice = choice
        settings.maxEjected = 0
      }
      for _ in 0..<30 {
        path = []
        _ = try? await endpoints.run(through: retry) { name in
          path.append(name)
          throw Boom()
        }
        #expect(Set(path.prefix(3)) == ["a", "b", "c"] && path.count == 5)
        #expect(zip(path, path.dropFirst()).allSatisfy { $0 != $1 }, "\(choice): \(path)")
      }
    }
    let one = self.endpoints(["a"])
    path = []
    _ = try? await one.run(through: retry) { name in
      path.append(name)
      throw Boom()
    }
    #expect(path == ["a", "a", "a", "a", "a"])
  }

  @Test("An attempt avoids what a value judged a failure has said, too")
  func values() async throws {
    let judge = Classifier.standard.values(of: Int.self) { $0 == 503 ? .failure : .success }
    let endpoints = endpoints(judging: judge)
    var path: [String] = []
    let retry = Retry(attempts: 3, backoff: .none, judging: judge, timeline: Timeline(clock))
    let status = try await endpoints.run(through: retry) { name in
      path.append(name)
      return path.count < 3 ? 503 : 200
    }
    #expect(status == 200 && Set(path).count == 3)
    #expect(endpoints.snapshot.map(\.failures).reduce(0, +) == 2)
  }

  @Test("One that fails is ejected and probed, and says so")
  func life() async {
    let endpoints = endpoints { $0.slowStart = .seconds(10) }
    for _ in 0..<6 { _ = await call(endpoints, failingOn: ["b"]) }
    #expect(
      endpoints.snapshot.map(\.state) == [.inService, .ejected(for: .seconds(30)), .inService]
    )
    for _ in 0..<10 { #expect(await call(endpoints, failingOn: ["b"]) != nil) }
    clock.advance(by: .seconds(30))
    #expect(endpoints.snapshot[1].state == .ejected(for: .zero))
    #expect(await call(endpoints, failingOn: ["b"]) == nil)
    #expect(endpoints.snapshot[1].ejections == 2)
    clock.advance(by: .seconds(60))
    #expect(await call(endpoints) == "b")
    #expect(endpoints.snapshot[1].state == .warmingUp(share: 0.1))
    clock.advance(by: .seconds(5))
    #expect(endpoints.snapshot[1].state == .warmingUp(share: 0.5))
    #expect(
      events.all == [
        "users: b is left out for 30.0 seconds", "users: b is left out for 60.0 seconds",
        "users: b gets calls again",
      ]
    )
  }

  @Test("Cancelled calls and refusals further in neither eject nor end a row of failures")
  func ignored() async {
    let endpoints = endpoints(["a", "b"]) { $0.choice = .roundRobin }
    func on(_ name: String, _ error: any Error) async {
      for _ in 0..<2 {
        _ = try? await endpoints.run { chosen in if chosen == name { throw error } }
      }
    }
    for _ in 0..<20 { await on("a", CancellationError()) }
    for _ in 0..<20 { await on("a", CircuitOpen(policy: "x", retryAfter: nil)) }
    #expect(endpoints.snapshot[0].state == .inService && endpoints.snapshot[0].calls == 0)
    await on("a", Boom())
    await on("a", BulkheadFull(policy: "x", reason: .queueFull))
    await on("a", CancellationError())
    #expect(endpoints.snapshot[0].consecutiveFailures == 1)
    await on("a", Boom())
    #expect(endpoints.snapshot[0].state == .ejected(for: .seconds(30)))
  }

  @Test("A cancelled task says nothing, whatever its operation throws")
  func cancelled() async {
    let endpoints = endpoints(["a"])
    let held = HeldCall()
    let task = Task { try await endpoints.run { _ in try await held.runDeaf() } }
    await held.hasBegun()
    #expect(endpoints.snapshot[0].inFlight == 1)
    task.cancel()
    held.fail()
    _ = await task.result
    #expect(endpoints.snapshot[0].inFlight == 0 && endpoints.snapshot[0].calls == 0)
  }

  @Test("A permit that is dropped says nothing; one that is settled counts once")
  func permits() throws {
    let endpoints = endpoints(["a", "b"])
    do {
      let permit = try endpoints.acquire()
      #expect(permit.endpoint == "a" && endpoints.snapshot[0].inFlight == 1)
    }
    #expect(endpoints.snapshot[0].inFlight == 0 && endpoints.snapshot[0].calls == 0)
    var tried = EndpointsTried()
    let first = try endpoints.acquire(avoiding: tried)
    first.note(in: &tried)
    let firstName = first.endpoint
    first.settle(judging: Boom())
    let second = try endpoints.acquire(avoiding: tried)
    #expect(second.endpoint != firstName)
    second.settle(as: .success)
    #expect(endpoints.snapshot.map(\.calls) == [1, 1])
    #expect(endpoints.snapshot.map(\.failures).reduce(0, +) == 1)
    #expect(endpoints.snapshot.allSatisfy { $0.inFlight == 0 })
  }

  @Test("A call in flight to an endpoint that is removed goes on, and moves nothing")
  func removal() async throws {
    let endpoints = endpoints(["a", "b"])
    let held = HeldCall()
    let task = Task { try await endpoints.run { _ in try await held.run() } }
    await held.hasBegun()
    #expect(endpoints.remove("a") && !endpoints.remove("a"))
    #expect(try endpoints.add("a") && !endpoints.add("a"))
    held.succeed(with: 7)
    #expect(try await task.value == 7)
    #expect(endpoints.all == ["b", "a"])
    #expect(endpoints.snapshot.allSatisfy { $0.inFlight == 0 && $0.calls == 0 })
  }

  @Test("What a registry says replaces all, and what stays keeps what it has")
  func replacing() async throws {
    let endpoints = endpoints(["a", "b", "c", "d"])
    for _ in 0..<8 { _ = await call(endpoints, failingOn: ["b"]) }
    try endpoints.replaceAll(with: ["d", "b", "e", "e", "b"])
    #expect(endpoints.all == ["b", "d", "e"])
    #expect(endpoints.snapshot[0].state == .ejected(for: .seconds(30)))
    #expect(endpoints.snapshot[2].state == .warmingUp(share: 0.1))
    try endpoints.replaceAll(with: [])
    let error = await #expect(throws: NoEndpoint.self) { try await endpoints.run { $0 } }
    #expect(error?.policy == "users" && error?.verdict == .ignored)
    try endpoints.replaceAll(with: ["x"])
    #expect(endpoints.snapshot[0].state == .inService)
  }

  @Test("There is a bound on their number, and passing it changes nothing")
  func bound() throws {
    let endpoints = Endpoints("many", 0..<1_000)
    #expect(throws: InvalidSetting.self) { try endpoints.add(1_000) }
    #expect(try !endpoints.add(999))
    #expect(throws: InvalidSetting.self) { try endpoints.replaceAll(with: 0..<1_001) }
    #expect(endpoints.all.count == 1_000)
  }

  @Test("When all are bad calls go on to those that are left, and the count of it grows")
  func allBad() async {
    let endpoints = endpoints()
    for _ in 0..<40 { _ = await call(endpoints, failingOn: ["a", "b", "c"]) }
    let states = endpoints.snapshot.map(\.state)
    #expect(states.filter { $0 == .inService }.count == 2)
    #expect(endpoints.suppressedEjections > 10)
    #expect(await call(endpoints) != nil)
  }

  @Test("Settings out of range change nothing, and in code stop the program")
  func settings() async throws {
    let endpoints = endpoints()
    var settings = endpoints.settings
    settings.maxEjected = 1.5
    #expect(throws: InvalidSetting.self) { try endpoints.apply(settings) }
    #expect(endpoints.settings.maxEjected == 0.5)
    settings.maxEjected = 0
    try endpoints.apply(settings)
    #expect(endpoints.settings == settings)
    await #expect(processExitsWith: .failure) {
      var settings = EndpointSettings()
      settings.buckets = 0
      _ = Endpoints("x", ["a"], settings)
    }
    await #expect(processExitsWith: .failure) { _ = Endpoints("x", 0..<1_001) }
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout EndpointSettings) -> Void

    init(_ message: String, _ change: @escaping @Sendable (inout EndpointSettings) -> Void) {
      testDescription = message
      self.change = change
    }
  }

  @Test(
    "Settings out of range are named with what is allowed",
    arguments: [
      Wrong("slow start is -1.0 seconds, but must be at least 0.0 seconds") {
        $0.slowStart = .seconds(-1)
      },
      Wrong("slow start floor is 0.0, but must be in 0.01...1.0") { $0.slowStartFloor = 0 },
      Wrong("slow start floor is nan, but must be in 0.01...1.0") { $0.slowStartFloor = .nan },
      Wrong("consecutive failures is 0, but must be at least 1") { $0.consecutiveFailures = 0 },
      Wrong("excess failure rate is 0.0, but must be in 0.01...1.0") { $0.excessFailureRate = 0 },
      Wrong("minimum calls is 0, but must be at least 1") { $0.minimumCalls = 0 },
      Wrong("endpoint buckets is 1001, but must be in 1...1000") { $0.buckets = 1_001 },
      Wrong("endpoint window is 9e-09 seconds, but must be at least 1e-08 seconds") {
        $0.window = .nanoseconds(9)
      },
      Wrong("ejection is 0.0 seconds, but must be at least 1e-09 seconds") { $0.ejection = .zero },
      Wrong("longest ejection is 29.0 seconds, but must be at least 30.0 seconds") {
        $0.longestEjection = .seconds(29)
      },
      Wrong("ejection jitter is 1.1, but must be in 0.0...1.0") { $0.ejectionJitter = 1.1 },
      Wrong("max ejected is -0.1, but must be in 0.0...1.0") { $0.maxEjected = -0.1 },
    ]
  )
  func invalid(wrong: Wrong) {
    var settings = EndpointSettings()
    wrong.change(&settings)
    let error = #expect(throws: InvalidSetting.self) { try settings.validate() }
    #expect(error?.description == wrong.testDescription)
  }

  @Test("Of one draw two are made that know nothing of each other")
  func split() {
    var random = SplitMix64(seed: 1)
    var quadrants = [0, 0, 0, 0]
    for _ in 0..<4_000 {
      let (a, b) = EndpointsCore.split(.random(in: 0..<1, using: &random))
      #expect((0..<1).contains(a) && (0..<1).contains(b))
      quadrants[(a < 0.5 ? 0 : 2) + (b < 0.5 ? 0 : 1)] += 1
    }
    #expect(quadrants.allSatisfy { (900...1_100).contains($0) }, "\(quadrants)")
    #expect(EndpointsCore.split(0) == (0, 0))
    let (a, b) = EndpointsCore.split(1.0.nextDown)
    #expect(a < 1 && b < 1)
  }

  @Test("Under many tasks every call gives its place back")
  func race() async throws {
    let endpoints = Endpoints("x", Array(0..<5))
    await withDiscardingTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for step in 0..<200 {
            _ = try? await endpoints.run { endpoint in
              if endpoint == 0 || (task + step) % 7 == 0 { throw Boom() }
              await Task.yield()
            }
            if task == 0, step % 10 == 0 {
              endpoints.remove(step % 5)
              _ = try? endpoints.add(step % 5)
            }
          }
        }
      }
    }
    #expect(endpoints.snapshot.allSatisfy { $0.inFlight == 0 })
    #expect(endpoints.all.sorted() == [0, 1, 2, 3, 4])
  }
}
