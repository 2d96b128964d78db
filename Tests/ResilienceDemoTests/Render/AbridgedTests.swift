import Testing

@testable import ResilienceDemo

@Suite("Abridged lists")
struct AbridgedTests {
  @Test(
    "Nothing is left out up to the limit, and beyond it the middle is",
    arguments: [(0, 0), (19, 0), (20, 0), (21, 1), (500, 480)]
  )
  func lengths(count: Int, omitted: Int) {
    let list = Abridged(Array(0..<count), to: 20)
    #expect(list.omitted == omitted)
    #expect(list.head.count + list.tail.count == count - omitted)
    #expect(omitted == 0 || (list.head.last == 9 && list.tail.first == count - 10))
  }
}
