internal import Foundation

/// An error of Connect as it stands in JSON.
///
/// It is read as far as it can be: what is malformed is left out, and costs nothing else.
///
/// ## Source
/// [Connect, Error and EndStreamResponse](https://connectrpc.com/docs/protocol/#error-end-stream).
struct ConnectError: Codable {
  struct Detail: Codable {
    var type: String
    var value: String
  }

  var code: String?
  var message: String?
  var details: [Detail]?

  init(_ status: RPCStatus) {
    code = status.code.connectName
    message = status.message.isEmpty ? nil : status.message
    details =
      status.details.isEmpty
      ? nil : status.details.map { Detail(type: $0.type, value: Base64.encode($0.bytes)) }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    code = try? container.decode(String.self, forKey: .code)
    message = try? container.decode(String.self, forKey: .message)
    let details = try? container.decode([Readable<Detail>].self, forKey: .details)
    self.details = details?.compactMap(\.value)
  }

  /// What it says.
  ///
  /// - Parameter fallback: The code for an error whose own is missing or not known.
  /// - Returns: The failure.
  func failure(or fallback: RPCCode) -> WireFailure {
    WireFailure(
      code: code.flatMap(RPCCode.init(connectName:)) ?? fallback,
      message: message ?? "",
      details: (details ?? []).compactMap { detail in
        Base64.decode(detail.value).map { RPCDetail(type: detail.type, bytes: $0) }
      }
    )
  }
}

/// The last frame of a stream of Connect.
struct ConnectEnd: Codable {
  var error: ConnectError?
  var metadata: [String: [String]]?

  init(error: ConnectError?, trailers: RPCMetadata) {
    self.error = error
    var metadata: [String: [String]] = [:]
    for field in trailers.fields { metadata[field.name, default: []].append(field.value) }
    self.metadata = metadata.isEmpty ? nil : metadata
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    error = try container.decodeIfPresent(ConnectError.self, forKey: .error)
    let metadata = try? container.decode(
      [String: Readable<[Readable<String>]>].self,
      forKey: .metadata
    )
    self.metadata = metadata?.compactMapValues { $0.value?.compactMap(\.value) }
  }

  var trailers: RPCMetadata {
    var trailers = RPCMetadata()
    for (name, values) in (metadata ?? [:]).sorted(by: { $0.key < $1.key }) {
      for value in values { trailers.add(name, received: value) }
    }
    return trailers
  }
}

/// A value, or nothing if it is none of its type.
private struct Readable<Value: Decodable>: Decodable {
  let value: Value?

  init(from decoder: any Decoder) {
    value = try? Value(from: decoder)
  }
}
