/// Those who wait, in the order of their arrival; each may leave from anywhere in the line.
///
/// - Complexity: O(1) amortised to join and to take the first, O(log n) to leave from within.
package struct WaitQueue<Element: Sendable>: Sendable {
  /// The place of one who waits; places grow in the order of arrival.
  package typealias Place = UInt64

  private var line: [(place: Place, element: Element?)] = []
  /// Index of the first who has not been taken.
  private var head = 0
  private var nextPlace: Place = 0

  /// The number of those who wait.
  package private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  /// The first in the line; O(1).
  package var first: Element? {
    head < line.count ? line[head].element : nil
  }

  /// Those in the line, first to last, with their places.
  package var inOrder: some Sequence<(place: Place, element: Element)> {
    line[head...].lazy.compactMap { place, element in element.map { (place, $0) } }
  }

  /// The one at a place, if it is still in the line; may be replaced, not removed; O(log n).
  package subscript(place: Place) -> Element? {
    get { index(of: place).flatMap { line[$0].element } }
    set {
      guard let newValue, let index = index(of: place), line[index].element != nil else { return }
      line[index].element = newValue
    }
  }

  /// Joins the end of the line.
  package mutating func append(_ element: Element) -> Place {
    defer { nextPlace += 1 }
    line.append((nextPlace, element))
    count += 1
    return nextPlace
  }

  /// Takes the first out of the line.
  package mutating func popFirst() -> Element? {
    guard head < line.count, let element = line[head].element else { return nil }
    line[head].element = nil
    count -= 1
    tidy()
    return element
  }

  /// Leaves the line; does nothing for one who has been taken or has left.
  package mutating func remove(_ place: Place) {
    guard let index = index(of: place), line[index].element != nil else { return }
    line[index].element = nil
    count -= 1
    tidy()
  }

  private func index(of place: Place) -> Int? {
    var (low, high) = (head, line.count)
    while low < high {
      let middle = (low + high) / 2
      if line[middle].place < place { low = middle + 1 } else { high = middle }
    }
    return low < line.count && line[low].place == place ? low : nil
  }

  /// Goes on to the first who is there, and forgets the places left empty once they are more than
  /// those taken.
  private mutating func tidy() {
    while head < line.count, line[head].element == nil { head += 1 }
    guard line.count > 2 * count + 32 else { return }
    line.removeAll { $0.element == nil }
    head = 0
  }
}
