import Foundation

/// Turns a response into bytes, as a value.
///
/// ## Source
/// [RFC 9112, sections 4 to 6](https://www.rfc-editor.org/rfc/rfc9112#section-4).
struct ResponseSerializer: Sendable, Equatable {
  /// What the request says about the form of its answer.
  let method: ServerRequest.Method
  let version: HTTPVersion
  let keepsOpen: Bool

  /// The form of answers to `request`.
  init(to request: ServerRequest) {
    self.init(
      method: request.method,
      version: request.version,
      keepsOpen: request.allowsKeepAlive
    )
  }

  init(method: ServerRequest.Method, version: HTTPVersion, keepsOpen: Bool) {
    self.method = method
    self.version = version
    self.keepsOpen = keepsOpen
  }

  /// Whether the connection stays open after the response.
  func keepsOpen(after response: ServerResponse) -> Bool {
    keepsOpen && (response.stream == nil || version == .oneOne)
      && !response.headers.list("Connection").contains("close")
  }

  /// Whether the response may have a body: [RFC 9112, section
  /// 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
  func allowsBody(_ response: ServerResponse) -> Bool {
    method != .head && response.status != 204 && response.status != 304
  }

  func body(of response: ServerResponse) -> [UInt8] {
    allowsBody(response) ? Array(response.body) : []
  }

  /// The status line and the header section, with the empty line behind them.
  ///
  /// - Parameters:
  ///   - response: The response.
  ///   - length: The length to announce; by default that of the body.
  /// - Returns: The bytes before the body.
  func head(of response: ServerResponse, announcing length: Int? = nil) -> [UInt8] {
    let status = response.sentStatus
    var text = "HTTP/1.1 \(status) \(reasonPhrase(for: status))\r\n"
    for field in response.headers.fields where !isOurs(field.name) {
      text += "\(field.name.wireName): \(field.value.wireValue)\r\n"
    }
    if response.stream != nil, length == nil, status != 204, status != 304 {
      if version == .oneOne { text += "Transfer-Encoding: chunked\r\n" }
    } else if status != 204, status != 304 {
      text += "Content-Length: \(length ?? response.body.count)\r\n"
    }
    if !keepsOpen(after: response) {
      text += "Connection: close\r\n"
    } else if version == .oneZero {
      text += "Connection: keep-alive\r\n"
    }
    return Array("\(text)\r\n".utf8)
  }

  private func isOurs(_ name: String) -> Bool {
    ["Content-Length", "Transfer-Encoding", "Connection"].contains {
      $0.equalsIgnoringCase(name)
    }
  }
}

extension String {
  fileprivate var wireName: String {
    isEmpty ? "-" : utf8.map { $0.isToken ? $0 : UInt8(ascii: "-") }.string
  }

  fileprivate var wireValue: String {
    utf8.map { $0.isFieldContent ? $0 : .space }.string
  }
}
