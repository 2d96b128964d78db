/// The eight groups of an IPv6 address, read from any of its forms and written in one.
///
/// ## Source
/// [RFC 4291, section 2.2](https://www.rfc-editor.org/rfc/rfc4291#section-2.2); written as [RFC 5952,
/// section 4](https://www.rfc-editor.org/rfc/rfc5952#section-4) says, but that the last groups are
/// never written as an IPv4 address.
struct IPv6Address: Hashable {
  /// Eight groups of sixteen bits, the most significant first.
  private let groups: [UInt16]

  /// Reads an address without brackets and zone.
  init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 45 else { return nil }
    let text = String(text)
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    switch halves.count {
    case 1:
      guard let groups = Self.groups(halves[0]), groups.count == 8 else { return nil }
      self.groups = groups
    case 2:
      // What stands before the gap cannot end with an IPv4 address.
      guard !halves[0].contains("."), let head = Self.groups(halves[0]),
        let tail = Self.groups(halves[1]), head.count + tail.count < 8
      else { return nil }
      groups = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    default:
      return nil
    }
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains(".") {
        guard let last = ipv4(part) else { return nil }
        groups += last
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups.count <= 8 ? groups : nil
  }

  /// The two groups that an IPv4 address stands for.
  private static func ipv4(_ text: Substring) -> [UInt16]? {
    let bytes = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
      (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        ? UInt8(part) : nil
    }
    guard bytes.count == 4, let a = bytes[0], let b = bytes[1], let c = bytes[2], let d = bytes[3]
    else { return nil }
    return [UInt16(a) << 8 | UInt16(b), UInt16(c) << 8 | UInt16(d)]
  }

  /// The longest run of zeros of two groups or more, the first of those that are as long.
  private var gap: Range<Int>? {
    var longest = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || groups[index] != 0 {
      if index - start > longest.count { longest = start..<index }
      start = index + 1
    }
    return longest.count >= 2 ? longest : nil
  }
}

extension IPv6Address: CustomStringConvertible {
  /// The address in lower case, without leading zeros, its longest gap as `::`.
  var description: String {
    let text = groups.map { String($0, radix: 16) }
    guard let gap else { return text.joined(separator: ":") }
    return text[..<gap.lowerBound].joined(separator: ":") + "::"
      + text[gap.upperBound...].joined(separator: ":")
  }
}

extension UInt8 {
  /// Whether the byte is a hexadecimal digit in ASCII.
  fileprivate var isHexDigit: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
