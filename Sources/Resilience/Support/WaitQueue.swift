/// Those who wait, in the order of their arrival; each may leave from anywhere in the line.
///
/// - Complexity: O(1) amortised to join and to take the first, O(log n) to leave from within.
package struct WaitQueue<Element: Sendable>: Sendable {
  /// The place of one who waits; places grow in the order of arrival.
  package typealias Place = UInt64

  /// The first of `head...` and the last are never empty.
  private var line: [(place: Place, element: Element?)] = []
  /// Index of the first who has not been taken.
  private var head = 0
  private var nextPlace: Place = 0

  /// The number of those who wait.
  package private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  /// The first in the line.
  package var first: Element? { isEmpty ? nil : line[head].element }

  /// The last in the line.
  package var last: Element? { line.last?.element }

  /// Joins the end of the line.
  package mutating func append(_ element: Element) -> Place {
    defer { nextPlace += 1 }
    line.append((nextPlace, element))
    count += 1
    return nextPlace
  }

  /// Takes the first out of the line.
  package mutating func popFirst() -> Element? { isEmpty ? nil : take(at: head) }

  /// Takes the last out of the line.
  package mutating func popLast() -> Element? { isEmpty ? nil : take(at: line.count - 1) }

  /// Leaves the line; does nothing for one who has been taken or has left.
  ///
  /// - Returns: Whether there was someone at that place.
  @discardableResult
  package mutating func remove(_ place: Place) -> Bool {
    guard let index = index(of: place) else { return false }
    return take(at: index) != nil
  }

  private mutating func take(at index: Int) -> Element? {
    guard let element = line[index].element else { return nil }
    line[index].element = nil
    count -= 1
    tidy()
    return element
  }

  private func index(of place: Place) -> Int? {
    var (low, high) = (head, line.count)
    while low < high {
      let middle = (low + high) / 2
      if line[middle].place < place { low = middle + 1 } else { high = middle }
    }
    return low < line.count && line[low].place == place ? low : nil
  }

  /// Forgets the places left empty: those at either end, and the others once they are too many.
  private mutating func tidy() {
    while let last = line.last, last.element == nil, line.count > head { line.removeLast() }
    while head < line.count, line[head].element == nil { head += 1 }
    if isEmpty {
      line.removeAll(keepingCapacity: line.capacity <= 64)
      head = 0
    }
    guard line.count > 2 * count + 32 else { return }
    line.removeAll { $0.element == nil }
    head = 0
  }
}
