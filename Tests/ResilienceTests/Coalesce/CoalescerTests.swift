import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Coalescer")
struct CoalescerTests {
  private let coalescer = Coalescer<String, Int>()
  private let started = Counter()

  private func join(_ key: String, _ call: HeldCall, deaf: Bool = false) -> Task<Int, any Error> {
    Task { [coalescer, started] in
      try await coalescer.run(for: key) {
        started.add()
        return try await deaf ? call.runDeaf() : call.run()
      }
    }
  }

  @Test("Calls with one key share one execution, its value and its error; other keys do not")
  func sharing() async throws {
    for fails in [false, true] {
      let before = started.value
      let call = HeldCall()
      let tasks = (0..<20).map { _ in join("a", call) }
      await call.hasBegun()
      #expect(try await coalescer.run(for: "b") { 9 } == 9)
      // All of them wait before it ends.
      for _ in 0..<1_000 { await Task.yield() }
      if fails { call.fail() } else { call.succeed(with: 7) }
      for task in tasks {
        switch await task.result {
        case .success(let value): #expect(value == 7 && !fails)
        case .failure(let error): #expect(error is Boom && fails)
        }
      }
      #expect(started.value == before + 1)
      #expect(coalescer.count == 0)
    }
  }

  @Test("A caller that is cancelled leaves at once and does not disturb the others")
  func oneLeaves() async throws {
    let call = HeldCall()
    let first = join("a", call)
    await call.hasBegun()
    let second = join("a", call)
    for _ in 0..<1_000 { await Task.yield() }
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    call.succeed(with: 7)
    #expect(try await second.value == 7)
    #expect(started.value == 1)
  }

  @Test("The last one leaving cancels the work, and the next call starts anew")
  func allLeave() async throws {
    let call = HeldCall()
    let tasks = (0..<3).map { _ in join("a", call) }
    await call.hasBegun()
    for _ in 0..<1_000 { await Task.yield() }
    for task in tasks { task.cancel() }
    for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
    // The operation heeds its cancellation and so ends.
    await #expect(throws: CancellationError.self) { try await call.run() }
    #expect(coalescer.count == 0)
    #expect(try await coalescer.run(for: "a") { 8 } == 8)
  }

  @Test("A caller that was cancelled before starts nothing")
  func cancelledBefore() async {
    let task = Task { [coalescer] in
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await coalescer.run(for: "a") { 1 }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(coalescer.count == 0)
  }

  @Test("Under random comings and goings nothing is left, and nobody waits for ever")
  func crowd() async {
    for round in 0..<50 {
      await withTaskGroup { group in
        for index in 0..<40 {
          group.addTask { [coalescer] in
            let task = Task {
              try await coalescer.run(for: "\(index % 3)") {
                for _ in 0..<(index % 5) { await Task.yield() }
                return index
              }
            }
            if (index + round) % 4 == 0 { task.cancel() }
            _ = await task.result
          }
        }
      }
      #expect(coalescer.count == 0)
    }
  }
}
