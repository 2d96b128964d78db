internal import Resilience

extension RandomSource {
  /// A universally unique identifier, drawn by chance: version 4.
  ///
  /// ## Source
  /// [RFC 9562, section 5.4](https://www.rfc-editor.org/rfc/rfc9562#section-5.4).
  func uuid() -> String {
    var digits = ""
    for _ in 0..<4 {
      let word = String(UInt32(unit() * 0x1p32), radix: 16)
      digits += String(repeating: "0", count: 8 - word.utf8.count) + word
    }
    var characters = Array(digits.utf8)
    characters[12] = UInt8(ascii: "4")
    characters[16] = Array("89ab".utf8)[Int(characters[16]) % 4]
    var text = ""
    var start = 0
    for length in [8, 4, 4, 4, 12] {
      if start > 0 { text += "-" }
      text += String(decoding: characters[start..<(start + length)], as: UTF8.self)
      start += length
    }
    return text
  }
}
