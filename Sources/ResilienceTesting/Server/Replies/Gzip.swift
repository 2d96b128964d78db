/// Compressed zeros, in the smallest part of the format that makes a few bytes many.
///
/// One literal zero, and matches of 258 bytes at distance 1 behind it: 13 bits each, so that 13 bytes
/// inflate to 2 064, a ratio of 158 to 1.
///
/// ## Source
/// [RFC 1951, section 3.2.6](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6), [RFC
/// 1952](https://www.rfc-editor.org/rfc/rfc1952#section-2.3).
enum Gzip {
  /// A file of exactly so many zeros.
  ///
  /// - Complexity: O(n).
  static func zeros(_ count: Int) -> [UInt8] {
    var bits = DeflateBits(header)
    bits.beginBlock()
    if count > 0 {
      bits.appendZero()
      let (matches, rest) = (count - 1).quotientAndRemainder(dividingBy: 258)
      for _ in 0..<matches { bits.appendMatch() }
      for _ in 0..<rest { bits.appendZero() }
    }
    bits.endBlock()
    return bits.bytes + littleEndian(checksum(ofZeros: count))
      + littleEndian(UInt32(truncatingIfNeeded: count))
  }

  /// The beginning of a file without an end, and what it goes on with for ever.
  static let endless: (beginning: [UInt8], piece: [UInt8]) = {
    var bits = DeflateBits(header)
    bits.beginBlock()
    bits.appendZero()
    for _ in 0..<16 { bits.appendMatch() }
    // Eight matches fill whole bytes; the pattern repeats at any byte behind the eleven first bits.
    let start = header.count + 2
    let unit = Array(bits.bytes[start..<(start + 13)])
    return (Array(bits.bytes[..<start]), Array(repeatElement(unit, count: 1_200).joined()))
  }()

  /// Deflate, no flags, no time, no further field, an unknown system.
  private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

  private static func checksum(ofZeros count: Int) -> UInt32 {
    let table = (0..<256 as Range<UInt32>).map { byte in
      (0..<8).reduce(byte) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    var value = UInt32.max
    for _ in 0..<count { value = table[Int(value & 0xFF)] ^ value >> 8 }
    return ~value
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}

/// Bits of a block with fixed codes, written behind some bytes.
private struct DeflateBits {
  private(set) var bytes: [UInt8]
  private var free = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The last block of its stream.
  mutating func beginBlock() {
    append(1)
    append(1)
    append(0)
  }

  mutating func appendZero() { appendCode(0b0011_0000, bits: 8) }

  /// 258 bytes as the one before.
  mutating func appendMatch() {
    appendCode(0b1100_0101, bits: 8)
    appendCode(0, bits: 5)
  }

  mutating func endBlock() {
    appendCode(0, bits: 7)
    free = 0
  }

  /// Codes are packed from their highest bit on, everything else from the lowest.
  private mutating func appendCode(_ code: Int, bits: Int) {
    for bit in (0..<bits).reversed() { append(code >> bit & 1) }
  }

  private mutating func append(_ bit: Int) {
    if free == 0 {
      bytes.append(0)
      free = 8
    }
    bytes[bytes.count - 1] |= UInt8(bit << (8 - free))
    free -= 1
  }
}
