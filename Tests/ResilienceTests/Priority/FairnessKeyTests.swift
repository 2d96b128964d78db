import Testing

@testable import Resilience

@Suite("Fairness key")
struct FairnessKeyTests {
  @Test("There is none unless someone says so, and none any more afterwards")
  func scope() async {
    #expect(FairnessKey.current == nil)
    await withFairnessKey("tenant") {
      #expect(FairnessKey.current == "tenant")
      await #expect(throws: Boom.self) {
        try await withFairnessKey("other") {
          #expect(FairnessKey.current == "other")
          throw Boom()
        }
      }
      #expect(FairnessKey.current == "tenant")
    }
    #expect(FairnessKey.current == nil)
  }

  @Test("It is inherited by child tasks, groups and unstructured tasks, but not by detached ones")
  func inheritance() async {
    await withFairnessKey("tenant") {
      async let child = FairnessKey.current
      #expect(await child == "tenant")
      let group = await withTaskGroup(of: String?.self) { group in
        for _ in 0..<3 { group.addTask { FairnessKey.current } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(group == ["tenant", "tenant", "tenant"])
      #expect(await Task { FairnessKey.current }.value == "tenant")
      #expect(await Task.detached { FairnessKey.current }.value == nil)
    }
  }

  @Test("Key and criticality do not know of each other")
  func independent() async {
    await withFairnessKey("tenant") {
      #expect(Criticality.stated == nil)
      await withCriticality(.sheddable) { #expect(FairnessKey.current == "tenant") }
    }
  }

  @Test("The operation runs on the caller's isolation, and its value comes out")
  @MainActor
  func isolation() async {
    var count = 0
    let value = await withFairnessKey("") {
      MainActor.assertIsolated()
      count += 1
      return count
    }
    #expect(value == 1 && count == 1)
  }
}
