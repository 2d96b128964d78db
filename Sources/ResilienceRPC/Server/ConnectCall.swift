internal import Foundation

/// A request as Connect means it, checked.
struct ConnectCall: Sendable {
  let format: RPCFormat
  let message: Data
  let metadata: RPCMetadata
  /// How long the client waits; `nil` for ever.
  let timeout: Duration?

  /// Why a request is no call.
  enum Refusal: Error {
    /// HTTP alone says it.
    case http(Int, RPCMetadata)
    case status(RPCStatus)
    /// The same, in a stream whose format is known.
    case stream(RPCStatus, RPCFormat)

    var response: RPCServerResponse {
      switch self {
      case .http(let status, let headers): .empty(status, headers)
      case .status(let status): .failure(status)
      case .stream(let status, let format): .failedStream(status, format)
      }
    }
  }

  init(
    _ request: RPCServerRequest,
    for handler: RPCHandler,
    limits: RPCLimits
  ) throws(Refusal) {
    let isGet = request.method == "GET"
    guard request.method == "POST" || (isGet && handler.mayGet) else {
      throw .http(405, ["allow": handler.mayGet ? "GET, POST" : "POST"])
    }
    let format = isGet ? Self.format(ofQuery: request) : Self.format(ofBody: request, handler)
    guard let format else {
      throw .http(415, ["accept-post": handler.contentTypes.joined(separator: ", ")])
    }
    self.format = format
    // A handler may send back what it was told, so nothing else is told.
    metadata = request.headers.readable
    do throws(RPCStatus) {
      timeout = try Self.timeout(request.headers)
      try Self.checkVersion(request, isGet: isGet)
      try Self.checkEncoding(request, isGet: isGet, isStream: handler.isStream)
      message =
        try isGet
        ? Self.message(ofQuery: request)
        : handler.isStream ? Self.message(ofStream: request.body, limits) : request.body
      guard message.count <= limits.requestBytes else {
        throw RPCStatus(.resourceExhausted, "a message may have \(limits.requestBytes) bytes")
      }
    } catch {
      throw handler.isStream ? .stream(error, format) : .status(error)
    }
  }

  private static func format(ofBody request: RPCServerRequest, _ handler: RPCHandler) -> RPCFormat?
  {
    let type = WireHead(status: 200, fields: request.headers).contentType
    return handler.formats.first { handler.contentType($0) == type }
  }

  private static func format(ofQuery request: RPCServerRequest) -> RPCFormat? {
    switch request[query: "encoding"] {
    case "json": .json
    case "proto": .proto
    default: nil
    }
  }

  private static func timeout(_ headers: RPCMetadata) throws(RPCStatus) -> Duration? {
    guard let text = headers[RPCTimeout.connectField] else { return nil }
    guard let timeout = RPCTimeout.connectDuration(text) else {
      throw RPCStatus(.invalidArgument, "the timeout is no number of up to ten digits")
    }
    return timeout
  }

  private static func checkVersion(
    _ request: RPCServerRequest,
    isGet: Bool
  ) throws(RPCStatus) {
    let (version, expected) =
      isGet
      ? (request[query: "connect"], "v1") : (request.headers["connect-protocol-version"], "1")
    guard version == nil || version == expected else {
      throw RPCStatus(.invalidArgument, "the version of the protocol is not 1")
    }
  }

  private static func checkEncoding(
    _ request: RPCServerRequest,
    isGet: Bool,
    isStream: Bool
  ) throws(RPCStatus) {
    let field = isStream ? "connect-content-encoding" : "content-encoding"
    let encoding = isGet ? request[query: "compression"] : request.headers[field]
    guard ["identity", "", nil].contains(encoding) else {
      throw RPCStatus(.unimplemented, "supported encodings: identity")
    }
  }

  private static func message(ofQuery request: RPCServerRequest) throws(RPCStatus) -> Data {
    guard let text = request[query: "message"] else {
      throw RPCStatus(.invalidArgument, "the query has no message")
    }
    guard request[query: "base64"] == "1" else { return Data(text.utf8) }
    guard let message = Base64.decode(text) else {
      throw RPCStatus(.invalidArgument, "the message is no base64")
    }
    return message
  }

  /// The one message of a request that is framed as a stream.
  private static func message(ofStream body: Data, _ limits: RPCLimits) throws(RPCStatus) -> Data {
    var reader = FrameReader(limit: limits.requestBytes)
    reader.append(body)
    do {
      guard let frame = try reader.next(), frame.flags == 0, reader.isAtBoundary else {
        throw RPCFault.invalidEnd
      }
      return frame.payload
    } catch let fault as RPCFault {
      if case .responseTooLarge(let limit) = fault {
        throw RPCStatus(.resourceExhausted, "a message may have \(limit) bytes")
      }
      throw RPCStatus(.invalidArgument, "the request is not one message, uncompressed")
    } catch {
      throw RPCStatus(.internal)
    }
  }
}

extension RPCHandler {
  fileprivate var mayGet: Bool { idempotency == .noSideEffects && !isStream }

  fileprivate var formats: [RPCFormat] { [.json, .proto] }

  fileprivate var contentTypes: [String] { formats.map(contentType) }

  fileprivate func contentType(_ format: RPCFormat) -> String {
    isStream ? "application/connect+\(format)" : "application/\(format)"
  }
}

extension RPCServerRequest {
  fileprivate subscript(query name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}

extension RPCServerResponse {
  /// A response that says all with its status.
  static func empty(_ status: Int, _ headers: RPCMetadata = [:]) -> Self {
    Self(status: status, headers: headers, body: .whole(Data()))
  }

  static func message(
    _ message: Data,
    format: RPCFormat,
    headers: RPCMetadata,
    trailers: RPCMetadata
  ) -> Self {
    let fields: RPCMetadata = ["content-type": "application/\(format)"]
    return Self(
      status: 200,
      headers: headers.merging(fields).adding(trailers: trailers),
      body: .whole(message)
    )
  }

  static func failure(_ status: RPCStatus) -> Self {
    let fields: RPCMetadata = ["content-type": "application/json"]
    return Self(
      status: status.code.httpStatus,
      headers: status.headers.merging(fields).adding(trailers: status.trailers),
      body: .whole(JSONEncoder.sorted(ConnectError(status)))
    )
  }

  static func failedStream(_ status: RPCStatus, _ format: RPCFormat) -> Self {
    let end = ConnectEnd(error: ConnectError(status), trailers: status.trailers)
    let frame = Frame(flags: ConnectProtocol.endFlag, payload: JSONEncoder.sorted(end))
    return Self(
      status: 200,
      headers: ["content-type": "application/connect+\(format)"],
      body: .whole(frame.bytes)
    )
  }
}

extension RPCMetadata {
  fileprivate func adding(trailers: RPCMetadata) -> RPCMetadata {
    var all = self
    for field in trailers.fields {
      all.add(ConnectProtocol.trailerPrefix + field.name, field.value)
    }
    return all
  }
}

extension JSONEncoder {
  /// A value of text only, which can always be encoded.
  static func sorted(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)) ?? Data("{}".utf8)
  }
}
