/// One line of a header or trailer section.
///
/// Refused are a blank before the colon, a line that continues the one before, and control
/// characters.
///
/// ## Source
/// [RFC 9112, section 5](https://www.rfc-editor.org/rfc/rfc9112#section-5).
struct FieldLine: Equatable, Sendable {
  let name: String
  let value: String

  init(_ line: ArraySlice<UInt8>) throws(RequestError) {
    guard line.first?.isBlank == false else {
      throw .malformed("a header line continues the line before it")
    }
    guard let colon = line.firstIndex(of: .colon) else {
      throw .malformed("a header line has no colon")
    }
    guard line[..<colon].isToken else { throw .malformed("a header name is not a token") }
    let content = line[(colon + 1)...]
    guard content.allSatisfy(\.isFieldContent) else {
      throw .malformed("a header value has a control character")
    }
    name = line[..<colon].string
    value = String(content.string.trimmingBlanks())
  }
}
