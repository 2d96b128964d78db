extension ServerHeaders {
  /// Checks that a request names its host once.
  ///
  /// ## Source
  /// [RFC 9112, section 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
  func checkHost(version: HTTPVersion) throws(RequestError) {
    let hosts = values(of: "Host")
    guard hosts.count <= 1 else { throw .malformed("the request has more than one Host") }
    guard let host = hosts.first else {
      guard version == .oneZero else { throw .malformed("the request has no Host") }
      return
    }
    let forbidden = Set(" \t/?#@,\\\"<>".utf8)
    guard host.utf8.allSatisfy({ $0.isVisible && !forbidden.contains($0) }) else {
      throw .malformed("the Host is malformed")
    }
  }

  /// Whether the client waits for “100 Continue”; an HTTP/1.0 client never does.
  ///
  /// ## Source
  /// [RFC 9110, section 10.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
  func expectsContinue(version: HTTPVersion) throws(RequestError) -> Bool {
    let expectations = list("Expect")
    guard version == .oneOne, !expectations.isEmpty else { return false }
    guard expectations.allSatisfy({ $0 == "100-continue" }) else { throw .expectationUnknown }
    return true
  }
}
