extension StringProtocol {
  /// The text with each `%41` replaced by the byte it stands for.
  ///
  /// A `%` that two hexadecimal digits do not follow stays as it is, and bytes that are not UTF-8
  /// are repaired with U+FFFD.
  ///
  /// ## Source
  /// WHATWG, [URL, “percent-decode”](https://url.spec.whatwg.org/#percent-decode).
  ///
  /// - Parameter plusIsSpace: Whether `+` stands for a space, as in queries made by forms.
  /// - Returns: The decoded text.
  /// - Complexity: O(n) in the number of bytes.
  func percentDecoded(plusIsSpace: Bool = false) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(utf8.count)
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      if byte == .percent,
        let high = rest.first?.hexValue,
        let low = rest.dropFirst().first?.hexValue
      {
        decoded.append(UInt8(high << 4 | low))
        rest = rest.dropFirst(2)
      } else {
        decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? .space : byte)
      }
    }
    return decoded.string
  }
}
