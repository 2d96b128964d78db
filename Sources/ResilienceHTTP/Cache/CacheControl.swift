/// What a `Cache-Control` says, as far as a private cache that serves stale responses asks for it.
///
/// Read leniently where that keeps less, strictly where it would keep more: a directive that forbids
/// counts however it is written, a number that is none or differs from another of its name counts as
/// zero, and a value that is longer than ``longestValue``, or whose quotation marks are not closed,
/// forbids everything.
///
/// ## Source
/// [RFC 9111, section 5.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2); `stale-if-error`: [RFC
/// 5861, section 4](https://www.rfc-editor.org/rfc/rfc5861#section-4).
struct CacheControl: Hashable, Sendable {
  /// The longest value that is looked at, in bytes.
  static let longestValue = 8_192

  /// The most seconds that are told apart: 2³¹, as the RFC has it for what is too large.
  static let mostSeconds = 2_147_483_648

  /// Nothing may be kept.
  private(set) var noStore = false

  /// What is kept must not be used before it was confirmed; with field names it counts as without.
  private(set) var noCache = false

  /// What is kept must not be used when it is stale.
  private(set) var mustRevalidate = false

  /// For how many seconds a response is fresh, or how old one may be that a request accepts.
  private(set) var maxAge: Int?

  /// How many seconds after that it may be used when there is an error.
  private(set) var staleIfError: Int?

  /// Reads the value of a field; `nil` and an empty one say nothing.
  init(_ value: String?) {
    guard let value else { return }
    guard value.utf8.count <= Self.longestValue, let parts = Self.parts(of: value) else {
      (noStore, noCache, mustRevalidate) = (true, true, true)
      return
    }
    for part in parts {
      let name = part.prefix(while: Self.isOfToken)
      let argument = Self.argument(part.dropFirst(name.count))
      switch String(decoding: name, as: UTF8.self).lowercased() {
      case "no-store": noStore = true
      case "no-cache": noCache = true
      case "must-revalidate": mustRevalidate = true
      case "max-age": maxAge = Self.agreed(maxAge, argument)
      case "stale-if-error": staleIfError = Self.agreed(staleIfError, argument)
      default: continue
      }
    }
  }

  /// What is said in seconds, by what was said before and now.
  private static func agreed(_ before: Int?, _ argument: String?) -> Int {
    let now = argument.flatMap(seconds) ?? 0
    return before == nil || before == now ? now : 0
  }

  /// A number of seconds in decimal digits, cut to those that are told apart.
  static func seconds(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return min(mostSeconds, Int(text) ?? mostSeconds)
  }

  /// The parts between commas, without the blanks around them; `nil` if a quotation mark is not closed.
  private static func parts(of value: String) -> [ArraySlice<UInt8>]? {
    let bytes = Array(value.utf8)
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    var isQuoted = false
    var isEscaped = false
    for (index, byte) in bytes.enumerated() {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), isQuoted {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == UInt8(ascii: ","), !isQuoted {
        parts.append(bytes[start..<index])
        start = index + 1
      }
    }
    parts.append(bytes[start...])
    return isQuoted ? nil : parts.map { $0.drop(while: isBlank) }
  }

  /// What follows a name: an argument after `=`, with its quotation marks taken off; `nil` if it is
  /// anything else.
  private static func argument(_ rest: ArraySlice<UInt8>) -> String? {
    guard rest.first == UInt8(ascii: "=") else { return nil }
    var text = rest.dropFirst()
    while let last = text.last, isBlank(last) { text.removeLast() }
    if text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
      text = text.dropFirst().dropLast()
    }
    return text.allSatisfy(isOfToken) ? String(decoding: text, as: UTF8.self) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func isOfToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
