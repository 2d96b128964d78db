/// How the end of a request's body is found.
///
/// The rules that keep two readers of one connection from disagreeing about where a request ends
/// (“request smuggling”) are all here.
///
/// ## Source
/// [RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
enum BodyFraming: Equatable, Sendable {
  case length(Int)
  case chunked

  init(
    _ headers: ServerHeaders,
    version: HTTPVersion,
    limit: Int
  ) throws(RequestError) {
    let lengths = headers.values(of: "Content-Length")
    guard headers["Transfer-Encoding"] != nil else {
      self = .length(try Self.length(lengths, limit: limit))
      return
    }
    guard lengths.isEmpty else {
      throw .malformed("the request has both a Content-Length and a Transfer-Encoding")
    }
    guard version == .oneOne else {
      throw .malformed("HTTP/1.0 has no Transfer-Encoding")
    }
    let codings = headers.list("Transfer-Encoding")
    guard codings.allSatisfy({ $0 == "chunked" }) else {
      throw RequestError(501, "the server knows the transfer coding chunked only")
    }
    guard codings.count == 1 else { throw .malformed("the transfer coding is not chunked once") }
    self = .chunked
  }

  /// Repeated lengths are accepted if they are equal: [RFC 9110, section
  /// 8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6).
  private static func length(_ values: [String], limit: Int) throws(RequestError) -> Int {
    let members = values.flatMap { value in
      value.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
    }
    guard let first = members.first else { return 0 }
    guard members.allSatisfy({ $0 == first }) else {
      throw .malformed("the request has different Content-Lengths")
    }
    guard !first.isEmpty, first.utf8.allSatisfy(\.isDigit) else {
      throw .malformed("the Content-Length is not a number")
    }
    guard let length = Int(first), length <= limit else { throw .bodyTooLong }
    return length
  }
}
