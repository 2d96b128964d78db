import Foundation

/// One request, as the log of a peer tells it.
struct PeerLine: Decodable, Sendable {
  let method: String
  /// The path with its query, as it stood in the request.
  let uri: String
  let status: String
  let authorization: String
  let cookie: String
  let criticality: String

  /// When the line was written, in seconds since 1970 with three decimals; nginx only.
  let time: String?
  /// What the request took, in seconds with three decimals; nginx only.
  let took: String?
  let port: String?
  /// How many bytes of the request were read, head and body; nginx only.
  let length: String?
  /// The number of the connection; nginx only.
  let connection: String?

  /// When the response was sent, in whole milliseconds, rounded down.
  var sent: Int { Self.milliseconds(time) }

  /// When the request arrived, in whole milliseconds, rounded down.
  var arrived: Int { sent - Self.milliseconds(took) }

  init(_ line: String) throws {
    self = try JSONDecoder().decode(PeerLine.self, from: Data(line.utf8))
  }

  private static func milliseconds(_ seconds: String?) -> Int {
    Int(((seconds.flatMap(Double.init) ?? 0) * 1_000).rounded())
  }
}

extension [PeerLine] {
  /// Those of one port.
  func at(_ url: URL) -> [PeerLine] { filter { $0.port == url.port.map(String.init) } }
}
