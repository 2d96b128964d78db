internal import Foundation

/// The trailers of gRPC: the status of a call, and metadata.
enum GRPCTrailers {
  static let status = "grpc-status"
  static let message = "grpc-message"
  static let details = "grpc-status-details-bin"

  /// Reads the fields of a frame of trailers: lines of a name, a colon and a value.
  static func fields(_ payload: Data) throws(RPCFault) -> RPCMetadata {
    guard let text = String(validating: payload, as: UTF8.self) else { throw .invalidEnd }
    var fields = RPCMetadata()
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { throw .invalidEnd }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      fields.add(line[..<colon].trimmingCharacters(in: .whitespaces), value)
    }
    return fields
  }

  /// How a call ended, by its trailers.
  static func end(_ fields: RPCMetadata) throws(RPCFault) -> WireEnd {
    guard let number = fields[status].flatMap({ Int($0) }) else { throw .invalidEnd }
    let trailers = withoutStatus(fields)
    guard number != 0 else { return WireEnd(failure: nil, trailers: trailers) }
    let failure = WireFailure(
      code: RPCCode(rawValue: number) ?? .unknown,
      message: percentDecoded(fields[message] ?? ""),
      details: fields.bytes(of: details).flatMap(read) ?? []
    )
    return WireEnd(failure: failure, trailers: trailers)
  }

  /// The fields without those that say the status.
  static func withoutStatus(_ fields: RPCMetadata) -> RPCMetadata {
    var rest = fields
    for name in [status, message, details] { rest[name] = nil }
    return rest
  }

  /// The details of a message `google.rpc.Status`; `nil` if it cannot be read.
  private static func read(_ bytes: Data) -> [RPCDetail]? {
    let status = try? ProtoBinary.decode(GoogleStatus.self, from: bytes)
    return status?.details.map { RPCDetail(type: $0.typeURL, bytes: $0.value) }
  }

  /// Text in which `%41` stands for a byte; what is no UTF-8 is repaired, as the protocol asks.
  static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The message `google.rpc.Status`.
private struct GoogleStatus: Codable {
  struct Packed: Codable {
    enum CodingKeys: Int, CodingKey { case typeURL = 1, value = 2 }

    var typeURL: String
    var value: Data
  }

  enum CodingKeys: Int, CodingKey { case code = 1, message = 2, details = 3 }

  var code: Int32
  var message: String
  var details: [Packed]
}
