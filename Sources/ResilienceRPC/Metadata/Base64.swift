internal import Foundation

/// Base64 as RPC writes and reads it: written without padding where the caller says so, and read in
/// both alphabets, with padding or without.
///
/// ## Source
/// [RFC 4648](https://www.rfc-editor.org/rfc/rfc4648), sections 4 and 5.
enum Base64 {
  private static let padding = UInt8(ascii: "=")

  /// Writes bytes in the standard alphabet.
  static func encode(_ bytes: Data, padded: Bool = false) -> String {
    let text = bytes.base64EncodedData()
    let count = padded ? text.count : text.count - text.suffix(2).count { $0 == padding }
    return String(decoding: text.prefix(count), as: UTF8.self)
  }

  /// Writes bytes in the alphabet for addresses, without padding.
  static func encodeForURL(_ bytes: Data) -> String {
    let text = bytes.base64EncodedData().filter { $0 != padding }.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads text in either alphabet; `nil` if it is none.
  ///
  /// - Complexity: O(n) in the length of the text.
  static func decode(_ text: String) -> Data? {
    var standard = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    while standard.last == padding { standard.removeLast() }
    // The system's own reader takes more than base64 is.
    guard standard.count % 4 != 1, standard.allSatisfy(\.isBase64) else { return nil }
    standard += Array(repeating: padding, count: (4 - standard.count % 4) % 4)
    return Data(base64Encoded: Data(standard))
  }
}

extension UInt8 {
  /// Whether it is a character of the standard alphabet.
  fileprivate var isBase64: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
