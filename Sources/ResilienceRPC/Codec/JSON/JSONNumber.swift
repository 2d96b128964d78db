/// A number as JSON writes it, read from text: with all its digits, and in no other form.
///
/// Swift reads more than that: `+1`, `0x1p3`, `nan`.
///
/// | Text | Integer |
/// | --- | --- |
/// | `-12`, `-1.2e1`, `-120E-1` | -12 |
/// | `9007199254740993.0` | 9007199254740993 |
/// | `1.5`, `1e-1`, `1e99` | none |
/// | `+1`, `01`, `1.`, `.5`, `0x1` | no number |
///
/// ## Source
/// [RFC 8259, section 6](https://www.rfc-editor.org/rfc/rfc8259#section-6); [ProtoJSON
/// Format](https://protobuf.dev/programming-guides/json/).
struct JSONNumber {
  private let isNegative: Bool
  /// The digits before and after the point, without zeros at the beginning and the end.
  private let digits: ArraySlice<UInt8>
  /// By which power of ten they are to be multiplied.
  private let scale: Int

  /// Reads a number; `nil` if the text is none.
  init?(_ text: String) {
    var rest = [UInt8](text.utf8)[...]
    isNegative = rest.skip("-")
    let whole = rest.takeDigits()
    guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
    var fraction: ArraySlice<UInt8> = []
    if rest.skip(".") {
      fraction = rest.takeDigits()
      guard !fraction.isEmpty else { return nil }
    }
    var exponent = 0
    if rest.skip("e") || rest.skip("E") {
      let isReduced = rest.skip("-")
      if !isReduced { _ = rest.skip("+") }
      let power = rest.takeDigits()
      guard !power.isEmpty else { return nil }
      // A larger one makes the number nothing or too large, whatever its digits.
      let size = Int(String(decoding: power, as: UTF8.self)) ?? Int.max / 4
      exponent = isReduced ? -min(size, Int.max / 4) : min(size, Int.max / 4)
    }
    guard rest.isEmpty else { return nil }
    let all = (whole + fraction).drop { $0 == UInt8(ascii: "0") }
    let zeros = all.reversed().prefix { $0 == UInt8(ascii: "0") }.count
    digits = all.dropLast(zeros)
    scale = exponent - fraction.count + zeros
  }

  /// The number as an integer; `nil` if it is none, or none that the type holds.
  func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    if digits.isEmpty { return 0 }
    // No integer has more than 20 digits.
    guard scale >= 0, scale <= 20, digits.count + scale <= 20 else { return nil }
    let sign = isNegative ? "-" : ""
    let text = String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: scale)
    return Value(sign + text)
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard first == UInt8(ascii: character) else { return false }
    removeFirst()
    return true
  }

  fileprivate mutating func takeDigits() -> ArraySlice<UInt8> {
    let digits = prefix { (0x30...0x39).contains($0) }
    self = dropFirst(digits.count)
    return digits
  }
}
