/// The members of a `tracestate`, checked and bounded.
///
///     vendor=value,tenant@vendor=value    the latest first
///
/// At most 32 members, no key twice. What is longer than 512 bytes is shortened as the specification
/// says: first the members of more than 128 bytes leave, then the last ones.
///
/// ## Source
/// W3C, [Trace Context](https://www.w3.org/TR/trace-context/#tracestate-header), section 3.3.
struct TraceState: Hashable, CustomStringConvertible {
  /// The longest value that is read, in bytes.
  private static let longestInput = 8 * 1_024
  private static let mostMembers = 32
  /// What has to be passed on at least, and is passed on at most.
  private static let longestOutput = 512
  private static let longMember = 128

  /// The members, joined by commas, at least one.
  let description: String

  /// Reads the value of a header field; one that is malformed or empty is `nil`.
  init?(_ value: String) {
    guard value.utf8.count <= Self.longestInput else { return nil }
    let members = value.utf8.split(separator: UInt8(ascii: ",")).map { member in
      Array(member.drop(while: \.isBlank).reversed().drop(while: \.isBlank).reversed())
    }.filter { !$0.isEmpty }
    guard (1...Self.mostMembers).contains(members.count) else { return nil }
    var keys: Set<[UInt8]> = []
    for member in members {
      guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let key = Array(member[..<equals])
      guard Self.isKey(key), Self.isValue(member[(equals + 1)...]), keys.insert(key).inserted else {
        return nil
      }
    }
    let kept = Self.shortened(members)
    guard !kept.isEmpty else { return nil }
    description = String(
      decoding: Array(kept.joined(separator: [UInt8(ascii: ",")])),
      as: UTF8.self
    )
  }

  private static func shortened(_ members: [[UInt8]]) -> [[UInt8]] {
    func length(_ members: [[UInt8]]) -> Int {
      members.reduce(max(0, members.count - 1)) { $0 + $1.count }
    }
    var members = members
    while length(members) > longestOutput {
      let long = members.lastIndex { $0.count > longMember }
      members.remove(at: long ?? members.count - 1)
    }
    return members
  }

  /// `key`, or `tenant@system`.
  private static func isKey(_ key: [UInt8]) -> Bool {
    let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isWord(parts[0], upTo: 256, mayBeginWithDigit: false)
    case 2:
      return isWord(parts[0], upTo: 241, mayBeginWithDigit: true)
        && isWord(parts[1], upTo: 14, mayBeginWithDigit: false)
    default: return false
    }
  }

  private static func isWord(
    _ word: ArraySlice<UInt8>,
    upTo limit: Int,
    mayBeginWithDigit: Bool
  ) -> Bool {
    guard let first = word.first, word.count <= limit,
      first.isLowercaseLetter || mayBeginWithDigit && first.isDigit
    else { return false }
    return word.allSatisfy { byte in
      byte.isLowercaseLetter || byte.isDigit || "_-*/".utf8.contains(byte)
    }
  }

  /// Visible characters and blanks but `,` and `=`, the last one no blank.
  private static func isValue(_ value: ArraySlice<UInt8>) -> Bool {
    guard let last = value.last, value.count <= 256, last != UInt8(ascii: " ") else { return false }
    return value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
  }
}

extension UInt8 {
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  fileprivate var isLowercaseLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
  }
}
