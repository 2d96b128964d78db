import ResilienceTesting
import Testing

@testable import Resilience

/// Callers of a limiter in a simulated world, in which cancellation, timeout and grant race.
@Suite("Rate limiter in a simulated world")
struct RateLimiterSimulationTests {
  /// Who came when for how much, in the order of coming, and when it was let through.
  private final class Register: Sendable {
    struct Call: Sendable {
      let weight: Int
      var admitted: Int64?
    }

    private let calls = Guarded<[Call]>([])

    var all: [Call] { calls.withLock { $0 } }

    func arrive(_ weight: Int) -> Int {
      calls.withLock { calls in
        calls.append(Call(weight: weight))
        return calls.count - 1
      }
    }

    func admit(_ call: Int, at now: Int64) { calls.withLock { $0[call].admitted = now } }
  }

  @Test(
    "No permit is lost, none invented and nobody overtakes, however cancel, timeout and grant fall",
    arguments: RateBound.limits
  )
  func races(limit: RateLimit) async throws {
    try await Simulation.explore(seeds: 0..<(isSoaking ? 2_000 : 40)) { world in
      let limiter = RateLimiter(
        "search",
        limit,
        maxWait: .microseconds(40),
        maxWaiting: 8,
        timeline: world.timeline
      )
      let register = Register()
      try await withThrowingDiscardingTaskGroup { group in
        for _ in 0..<20 {
          group.addTask { try await Self.call(limiter, register, in: world) }
        }
      }
      try world.require(limiter.waiting == 0, "someone is left in the line")
      try Self.check(register.all, limit, limiter, in: world)
    }
  }

  /// Comes at some time and calls, waits for a reservation or gives it up, perhaps not to the end.
  private static func call(
    _ limiter: RateLimiter,
    _ register: Register,
    in world: World
  ) async throws {
    // Steps of the limit's own size, so that much happens at the very same time.
    func someTime() -> Duration { .nanoseconds(Int(world.random.unit() * 8) * 2_500) }
    let weight = min(limiter.limit.machine.capacity, 1 + Int(world.random.unit() * 3))
    let kind = Int(world.random.unit() * 4)
    let patience = someTime()
    try await world.sleep(for: someTime())
    let call = register.arrive(weight)
    @Sendable func now() -> Int64 { world.timeline.now.nanoseconds }
    switch kind {
    case 0:
      _ = try? await limiter.run(weight: weight) { register.admit(call, at: now()) }
    case 1:
      _ = try? await Timeout(patience, timeline: world.timeline).run {
        try await limiter.run(weight: weight) { register.admit(call, at: now()) }
      }
    case 2:
      let task = world.spawn("cancelled") {
        let call = register.arrive(weight)
        try await limiter.run(weight: weight) { register.admit(call, at: now()) }
      }
      try await world.sleep(for: patience)
      task.cancel()
      _ = await task.result
    default:
      guard let reservation = try? limiter.reserve(weight: weight, within: .microseconds(40)) else {
        return
      }
      let turn = now() + reservation.delay.clampedNanoseconds
      if patience.clampedNanoseconds < 10_000 {
        try await reservation.wait()
        try world.require(now() <= turn, "a turn came later than was said")
        register.admit(call, at: now())
      } else {
        reservation.cancel()
        if turn == now() { register.admit(call, at: turn) }
      }
    }
  }

  private static func check(
    _ calls: [Register.Call],
    _ limit: RateLimit,
    _ limiter: RateLimiter,
    in world: World
  ) throws {
    // Of those let through, the order of coming is the order of going.
    let admitted = calls.compactMap { call in call.admitted.map { (at: $0, weight: call.weight) } }
    try world.require(admitted.count > 0, "nobody was let through")
    for (first, second) in zip(admitted, admitted.dropFirst()) {
      try world.require(first.at <= second.at, "one overtook another")
    }
    let violation = RateBound(limit: limit).violation(in: admitted)
    try world.require(violation == nil, violation ?? "")
    // What is left is what those let through have left: nobody else took anything.
    var machine = limit.machine
    for call in admitted {
      let moment = Moment(nanoseconds: call.at)
      try world.require(machine.earliest(call.weight, at: moment) == moment, "granted too early")
      machine.take(call.weight, at: moment)
    }
    let left = machine.available(at: world.timeline.now)
    try world.require(limiter.available == left, "\(limiter.available) are left, not \(left)")
  }
}
