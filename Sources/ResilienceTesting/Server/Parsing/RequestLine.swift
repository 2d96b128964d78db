/// The first line of a request.
///
/// ## Source
/// [RFC 9112, section 3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
struct RequestLine: Equatable, Sendable {
  let method: ServerRequest.Method
  let path: String
  let query: ServerQuery
  let version: HTTPVersion

  init(_ line: ArraySlice<UInt8>) throws(RequestError) {
    let parts = line.split(separator: .space, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformed("the request line does not have three parts") }
    guard parts[0].isToken else { throw .malformed("the method is not a token") }
    method = ServerRequest.Method(rawValue: parts[0].string)
    version = try Self.version(parts[2])
    let target = try Self.originForm(of: parts[1], method: method)
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(halves[0])
    query = ServerQuery(halves.count > 1 ? halves[1] : "")
  }

  /// A later minor version is answered as 1.1: [RFC 9110, section
  /// 2.5](https://www.rfc-editor.org/rfc/rfc9110#section-2.5).
  private static func version(_ part: ArraySlice<UInt8>) throws(RequestError) -> HTTPVersion {
    let bytes = Array(part)
    guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[5].isDigit,
      bytes[6] == UInt8(ascii: "."), bytes[7].isDigit
    else { throw .malformed("the protocol version is malformed") }
    guard bytes[5] == UInt8(ascii: "1") else {
      throw RequestError(505, "the server speaks HTTP/1.1 and HTTP/1.0")
    }
    return bytes[7] == UInt8(ascii: "0") ? .oneZero : .oneOne
  }

  /// Path and query of a target in origin, absolute or asterisk form: [RFC 9112, section
  /// 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
  private static func originForm(
    of target: ArraySlice<UInt8>,
    method: ServerRequest.Method
  ) throws(RequestError) -> String {
    guard target.allSatisfy({ $0.isVisible && $0 != UInt8(ascii: "#") }) else {
      throw .malformed("the target has a character that may not stand there")
    }
    guard hasWholeEscapes(target) else { throw .malformed("the target has half an escape") }
    let text = target.string
    if method.rawValue == "CONNECT" { throw RequestError(501, "the server is no proxy") }
    if text.hasPrefix("/") || (text == "*" && method == .options) { return text }
    guard text.prefix(7).equalsIgnoringCase("http://") else {
      throw .malformed("the target is neither a path nor an http address")
    }
    let afterScheme = text.dropFirst(7)
    let slash = afterScheme.firstIndex { $0 == "/" || $0 == "?" } ?? afterScheme.endIndex
    guard slash > afterScheme.startIndex else { throw .malformed("the target has no host") }
    let rest = afterScheme[slash...]
    return rest.hasPrefix("/") ? String(rest) : "/" + rest
  }

  private static func hasWholeEscapes(_ target: ArraySlice<UInt8>) -> Bool {
    target.indices.allSatisfy { index in
      guard target[index] == .percent else { return true }
      let digits = target[(index + 1)...].prefix(2)
      return digits.count == 2 && digits.allSatisfy { $0.hexValue != nil }
    }
  }
}
