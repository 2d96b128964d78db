import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Criticality")
struct CriticalityTests {
  /// What a task reads, without anyone waiting for it in a way that raises its priority.
  private func seen(
    _ start: (@escaping @Sendable () async -> Void) -> Void
  ) async -> Criticality {
    let seen = Parked<Criticality>()
    start { seen.resume(with: .current) }
    return await seen.wait()
  }

  static let priorities: [(TaskPriority, Criticality)] = [
    (.background, .sheddable), (.utility, .sheddablePlus), (.low, .sheddablePlus),
    (.medium, .critical), (.high, .critical), (.userInitiated, .critical),
  ]

  @Test("A priority suggests a class", arguments: priorities)
  func mapping(priority: TaskPriority, criticality: Criticality) {
    #expect(Criticality(priority) == criticality)
  }

  @Test("No priority suggests more than critical: that is for someone to state")
  func neverPlus() {
    for value in UInt8.min...UInt8.max {
      #expect(Criticality(TaskPriority(rawValue: value)) < .criticalPlus)
    }
  }

  @Test("A task of a priority has its class, detached or not", arguments: priorities)
  func tasks(priority: TaskPriority, criticality: Criticality) async {
    #expect(await seen { body in Task(priority: priority) { await body() } } == criticality)
    #expect(
      await seen { body in Task.detached(priority: priority) { await body() } } == criticality
    )
  }

  @Test("A detached task without a priority, and one on the main actor, are critical")
  func ordinary() async {
    #expect(await seen { body in Task.detached { await body() } } == .critical)
    #expect(await seen { body in Task { @MainActor in await body() } } == .critical)
    #expect(await MainActor.run { Criticality.current } == .critical)
  }

  @Test("On the main actor a task keeps the class of its priority")
  func mainActor() async {
    let current = await seen { body in Task(priority: .background) { @MainActor in await body() } }
    #expect(current == .sheddable)
  }

  @Test("Outside of any task nothing suggests that the work may be shed")
  func outsideTasks() async {
    #expect(await ThreadWork.run { Criticality.current } == .critical)
  }

  @Test("What is stated wins over the priority, be it higher or lower")
  func stated() async {
    await withCriticality(.criticalPlus) {
      #expect(await seen { body in Task(priority: .background) { await body() } } == .criticalPlus)
    }
    await withCriticality(.sheddable) {
      #expect(await seen { body in Task(priority: .high) { await body() } } == .sheddable)
    }
  }

  @Test("It is inherited by child tasks, groups and unstructured tasks, but not by detached ones")
  func inheritance() async {
    #expect(Criticality.stated == nil)
    await withCriticality(.sheddablePlus) {
      #expect(Criticality.stated == .sheddablePlus)
      async let child = Criticality.stated
      #expect(await child == .sheddablePlus)
      let group = await withTaskGroup(of: Criticality?.self) { group in
        for _ in 0..<3 { group.addTask { Criticality.stated } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(group == [.sheddablePlus, .sheddablePlus, .sheddablePlus])
      #expect(await Task { Criticality.stated }.value == .sheddablePlus)
      #expect(await Task.detached { Criticality.stated }.value == nil)
    }
    #expect(Criticality.stated == nil)
  }

  @Test("The innermost statement counts, and the outer one again after it, also after an error")
  func nesting() async {
    await withCriticality(.sheddable) {
      await #expect(throws: Boom.self) {
        try await withCriticality(.criticalPlus) {
          #expect(Criticality.current == .criticalPlus)
          throw Boom()
        }
      }
      #expect(Criticality.current == .sheddable)
    }
  }

  @Test("A statement returns the value, on the caller's isolation")
  @MainActor
  func isolation() async {
    var count = 0
    let value = await withCriticality(.sheddable) {
      MainActor.assertIsolated()
      count += 1
      return "value"
    }
    #expect(value == "value" && count == 1)
  }

  @Test("The classes are ordered, the least critical first")
  func order() {
    #expect(Criticality.allCases == [.sheddable, .sheddablePlus, .critical, .criticalPlus])
    #expect(Criticality.allCases == Criticality.allCases.sorted())
    #expect(Criticality.sheddablePlus < .critical && !(Criticality.critical < .critical))
  }

  @Test("A class is read as it is written, in upper or lower case", arguments: Criticality.allCases)
  func text(criticality: Criticality) {
    #expect(Criticality(criticality.description) == criticality)
    #expect(Criticality(criticality.description.uppercased()) == criticality)
  }

  @Test("The texts are those of the documentation")
  func words() {
    #expect(
      Criticality.allCases.map(\.description) == [
        "sheddable", "sheddable-plus", "critical", "critical-plus",
      ]
    )
  }

  @Test(
    "Any other text is none",
    arguments: [
      "", " ", "critical ", "criticalPlus", "critical_plus", "2", "critical\n", "ſheddable",
    ]
  )
  func otherText(text: String) {
    #expect(Criticality(text) == nil)
  }
}
