/// The classes of bytes that the grammar of HTTP speaks of.
///
/// ## Source
/// [RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
extension UInt8 {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let colon = UInt8(ascii: ":")
  static let percent = UInt8(ascii: "%")

  var isBlank: Bool { self == .space || self == .tab }
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isVisible: Bool { (0x21...0x7E).contains(self) }

  /// Whether the byte may stand in a field value: visible, blank, or beyond ASCII.
  var isFieldContent: Bool { isVisible || isBlank || self >= 0x80 }

  /// Whether the byte may stand in a token, such as a method or a field name.
  var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A: true
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    case UInt8(ascii: "|"), UInt8(ascii: "~"): true
    default: false
    }
  }

  /// The value of a hexadecimal digit.
  var hexValue: Int? {
    switch self {
    case 0x30...0x39: Int(self) - 0x30
    case 0x41...0x46: Int(self) - 0x41 + 10
    case 0x61...0x66: Int(self) - 0x61 + 10
    default: nil
    }
  }

  var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension Collection<UInt8> {
  var isToken: Bool { !isEmpty && allSatisfy(\.isToken) }

  var string: String { String(decoding: self, as: UTF8.self) }
}
