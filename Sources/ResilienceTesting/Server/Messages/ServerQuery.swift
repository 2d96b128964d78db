/// The part of a request's target behind the question mark, decoded.
///
/// `?a=1&b=x+y&a=2` has the items `a = 1`, `b = x y`, `a = 2`; an item without `=` has an empty
/// value.
///
/// ## Source
/// WHATWG, [URL, “application/x-www-form-urlencoded
/// parsing”](https://url.spec.whatwg.org/#urlencoded-parsing).
public struct ServerQuery: Sendable, Equatable {
  /// One name and its value.
  public struct Item: Sendable, Equatable {
    /// The decoded name.
    public let name: String

    /// The decoded value; empty if there was none.
    public let value: String
  }

  /// All items, in order.
  public let items: [Item]

  init(_ text: Substring) {
    items = text.split(separator: "&").map { item in
      let halves = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Item(
        name: halves[0].percentDecoded(plusIsSpace: true),
        value: halves.count > 1 ? halves[1].percentDecoded(plusIsSpace: true) : ""
      )
    }
  }

  /// The value of the first item of that name.
  public subscript(name: String) -> String? {
    items.first { $0.name == name }?.value
  }

  /// The values of all items of that name, in order.
  public func values(of name: String) -> [String] {
    items.filter { $0.name == name }.map(\.value)
  }
}
