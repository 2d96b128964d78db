internal import Foundation

/// Base64 as RPC writes and reads it: written without padding where the caller says so, and read in
/// both alphabets, with padding or without.
///
/// ## Source
/// [RFC 4648](https://www.rfc-editor.org/rfc/rfc4648), sections 4 and 5.
enum Base64 {
  /// Writes bytes in the standard alphabet.
  static func encode(_ bytes: Data, padded: Bool = false) -> String {
    let text = bytes.base64EncodedString()
    return padded ? text : text.withoutPadding
  }

  /// Writes bytes in the alphabet for addresses, without padding.
  static func encodeForURL(_ bytes: Data) -> String {
    encode(bytes).replacing("+", with: "-").replacing("/", with: "_")
  }

  /// Reads text in either alphabet; `nil` if it is none.
  static func decode(_ text: String) -> Data? {
    var standard = text.replacing("-", with: "+").replacing("_", with: "/").withoutPadding
    guard standard.utf8.count % 4 != 1 else { return nil }
    standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    return Data(base64Encoded: standard)
  }
}

extension String {
  fileprivate var withoutPadding: String {
    String(reversed().drop { $0 == "=" }.reversed())
  }
}
