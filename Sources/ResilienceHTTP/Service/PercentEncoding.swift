extension String {
  /// The text with all its bytes percent-encoded but those to keep.
  func percentEncoded(keeping isKept: (UInt8) -> Bool) -> String {
    var encoded = ""
    for byte in utf8 {
      if isKept(byte) {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += byte < 0x10 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return encoded
  }
}

/// Which bytes may stand for themselves in a path or a query.
///
/// ## Source
/// [RFC 3986, section 2.3 and 3.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
enum PathCharacter {
  /// Letters, digits and `-._~`, which mean themselves everywhere.
  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// What may stand in a path, the slash included.
  static func isLiteral(_ byte: UInt8) -> Bool {
    isUnreserved(byte) || "/:@!$&'()*+,;=".utf8.contains(byte)
  }
}
