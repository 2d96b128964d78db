/// A list that is short enough to be read: its beginning and its end, and how much is between them.
struct Abridged<Element> {
  let head: ArraySlice<Element>
  let omitted: Int
  let tail: ArraySlice<Element>

  /// Leaves elements out if there are more than `limit`; then as many of them are kept at both ends.
  init(_ elements: [Element], to limit: Int) {
    let half = elements.count > limit ? limit / 2 : elements.count
    head = elements.prefix(half)
    tail = elements.dropFirst(half).suffix(half)
    omitted = elements.count - head.count - tail.count
  }
}
