import Foundation

// Replies that are too much: more than there is an end to, or more than anyone wants.
extension Reply {
  /// The reply of a fault that never ends its answer, or inflates it.
  init?(_ kind: ServerFault.Kind, as form: ResponseSerializer) {
    let head = "HTTP/1.1 200 OK\r\n"
    switch kind {
    case .endlessHeaders:
      self.init(ending: .close, outcome: .pending)
      bytes = Array(head.utf8)
      endless = Array(repeatElement("X-Endless: \(Self.padding)\r\n", count: 128).joined().utf8)
    case .endlessBody where form.method != .head:
      self.init(ending: .close, outcome: .pending)
      bytes = Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
      let chunk = [UInt8](repeating: UInt8(ascii: "a"), count: 16_384)
      endless = Array("4000\r\n".utf8) + chunk + Array("\r\n".utf8)
    case .inflating(let count?) where form.method != .head:
      let body = Gzip.zeros(count)
      self.init(ending: form.keepsOpen ? .keepOpen : .close, outcome: .pending)
      let length = "Content-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n"
      bytes = Array("\(head)\(length)".utf8) + body
    case .inflating where form.method != .head:
      self.init(ending: .close, outcome: .pending)
      let (beginning, piece) = Gzip.endless
      bytes = Array("\(head)Content-Encoding: gzip\r\nConnection: close\r\n\r\n".utf8) + beginning
      endless = piece
    case .endlessBody, .inflating:
      self.init(.status(200), as: form)
    default:
      return nil
    }
  }

  /// A hundred bytes of a value that says nothing.
  private static let padding = String(repeating: "x", count: 100)

  /// The fields that a flood adds to a response.
  static func flood(_ fields: Int, of bytes: Int) -> [(name: String, value: String)] {
    (0..<fields).map { ("X-Flood-\($0)", String(repeating: "x", count: bytes)) }
  }
}
