/// A binary heap whose least element is at hand.
///
/// - Complexity: O(log n) to insert and to take the least, n being the elements.
struct MinHeap<Element: Comparable & Sendable>: Sendable {
  private var elements: [Element] = []

  var count: Int { elements.count }

  /// The least element.
  var min: Element? { elements.first }

  mutating func insert(_ element: Element) {
    elements.append(element)
    siftUp(from: elements.count - 1)
  }

  @discardableResult
  mutating func popMin() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    siftDown(from: 0)
    return first
  }

  mutating func removeAll() { elements.removeAll(keepingCapacity: true) }

  /// A heap of those that satisfy the condition; O(n).
  func filter(_ condition: (Element) -> Bool) -> MinHeap {
    var heap = MinHeap()
    heap.elements = elements.filter(condition)
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { heap.siftDown(from: index) }
    return heap
  }

  private mutating func siftUp(from start: Int) {
    var index = start
    while index > 0, elements[index] < elements[(index - 1) / 2] {
      elements.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown(from start: Int) {
    var index = start
    while let child = lesserChild(of: index), elements[child] < elements[index] {
      elements.swapAt(index, child)
      index = child
    }
  }

  private func lesserChild(of index: Int) -> Int? {
    let left = 2 * index + 1
    guard left < elements.count else { return nil }
    let right = left + 1
    return right < elements.count && elements[right] < elements[left] ? right : left
  }
}
