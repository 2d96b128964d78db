internal import Foundation

/// The trailers of gRPC: the status of a call, and metadata.
enum GRPCTrailers {
  static let status = "grpc-status"
  static let message = "grpc-message"
  static let details = "grpc-status-details-bin"

  /// Reads the fields of a frame of trailers: lines of a name, a colon and a value.
  ///
  /// Lines end with a line feed, as a rule after a carriage return; no other character ends one. What
  /// is no UTF-8 is repaired.
  static func fields(_ payload: Data) throws(RPCFault) -> RPCMetadata {
    var fields = RPCMetadata()
    for line in [UInt8](payload).split(separator: UInt8(ascii: "\n")) {
      let line = line.withoutBlanks
      guard !line.isEmpty else { continue }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .invalidEnd }
      let name = String(decoding: line[..<colon].withoutBlanks, as: UTF8.self)
      let value = line[(colon + 1)...].withoutBlanks
      guard !name.isEmpty else { throw .invalidEnd }
      fields.add(name, received: String(decoding: value, as: UTF8.self))
    }
    return fields
  }

  /// How a call ended, by its trailers.
  static func end(_ fields: RPCMetadata) throws(RPCFault) -> WireEnd {
    guard let number = fields[status].flatMap(number) else { throw .invalidEnd }
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

  /// A status in digits; one that is negative is none that there is, and read all the same.
  private static func number(_ text: String) -> Int? {
    text.utf8.first == UInt8(ascii: "+") ? nil : Int(text)
  }

  /// The details of a message `google.rpc.Status`; `nil` if it cannot be read.
  private static func read(_ bytes: Data) -> [RPCDetail]? {
    let status = try? ProtoBinary.decode(GoogleStatus.self, from: bytes)
    return status?.details.map { RPCDetail(type: $0.typeURL, bytes: $0.value) }
  }

  /// Text in which `%41` stands for a byte.
  ///
  /// The protocol asks not to lose a message for what is wrong in it: a `%` without two hexadecimal
  /// digits stands for itself, and what is no UTF-8 is repaired.
  static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let high = rest[rest.startIndex].hexValue, let low = rest[rest.startIndex + 1].hexValue
      {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// The bytes without spaces, tabs and carriage returns at both ends.
  fileprivate var withoutBlanks: Self {
    let blanks: Set = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")]
    guard let first = firstIndex(where: { !blanks.contains($0) }),
      let last = lastIndex(where: { !blanks.contains($0) })
    else { return [] }
    return self[first...last]
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit; `nil` if it is none.
  fileprivate var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    default: nil
    }
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
