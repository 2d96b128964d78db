/// How a value stands on the wire of protobuf.
///
/// ## Source
/// [Protocol Buffers, Encoding](https://protobuf.dev/programming-guides/encoding/).
enum WireType: UInt64, Sendable {
  case varint = 0
  case fixed64 = 1
  case bytes = 2
  case groupStart = 3
  case groupEnd = 4
  case fixed32 = 5
}

/// Writes values as protobuf does.
struct WireWriter {
  /// The numbers that fields may have.
  static let fieldNumbers = 1...536_870_911

  private(set) var output: [UInt8] = []

  /// - Parameter capacity: How many bytes will be written, if that is known.
  init(capacity: Int = 0) {
    output.reserveCapacity(capacity)
  }

  /// How many bytes a field takes whose value has a length before it.
  ///
  /// - Parameters:
  ///   - field: The number of the field.
  ///   - count: How many bytes its value has.
  /// - Returns: Those of the tag, the length and the value.
  static func length(_ field: Int, _ count: Int) -> Int {
    varintLength(UInt64(field) << 3) + varintLength(UInt64(count)) + count
  }

  private static func varintLength(_ value: UInt64) -> Int {
    max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
  }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(rest))
  }

  mutating func fixed32(_ value: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) {
      output.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func fixed64(_ value: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      output.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Writes bytes with their length before them.
  mutating func bytes(_ bytes: some Collection<UInt8>) {
    varint(UInt64(bytes.count))
    output.append(contentsOf: bytes)
  }

  mutating func raw(_ bytes: [UInt8]) {
    output.append(contentsOf: bytes)
  }

  mutating func tag(_ field: Int, _ type: WireType) {
    varint(UInt64(field) << 3 | type.rawValue)
  }
}
