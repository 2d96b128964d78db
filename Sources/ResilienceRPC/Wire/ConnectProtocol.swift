internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// The Connect protocol, version 1.
///
/// ## Source
/// [Connect Protocol Reference](https://connectrpc.com/docs/protocol/).
struct ConnectProtocol: WireProtocol {
  /// The longest address that a call without side effects is asked for with; a longer one is sent
  /// with POST, since servers and what is in between bound the first line of a request.
  static let longestAddress = 8_000

  /// The bit of a frame's flags that marks the end of a stream.
  static let endFlag: UInt8 = 0b10

  var endFlag: UInt8 { Self.endFlag }

  /// What the names of trailers begin with in the response to a unary call.
  static let trailerPrefix = "trailer-"

  // MARK: Request

  func request(for call: WireCall, to base: URL) throws -> URLRequest {
    let parts = try base.address(of: call.method)
    var request = try getRequest(for: call, to: parts) ?? postRequest(for: call, to: parts)
    if let left = call.left {
      guard let value = RPCTimeout.connectValue(left) else { throw RPCFault.deadlinePassed }
      request.setValue(value, forHTTPHeaderField: RPCTimeout.connectField)
    }
    return request
  }

  private func postRequest(for call: WireCall, to parts: URLComponents) throws -> URLRequest {
    var request = try URLRequest(parts, method: "POST", metadata: call.metadata)
    let kind = call.isStream ? "connect+" : ""
    request.setValue("application/\(kind)\(call.format)", forHTTPHeaderField: "content-type")
    request.setValue("1", forHTTPHeaderField: "connect-protocol-version")
    request.httpBody = call.isStream ? Frame(payload: call.message).bytes : call.message
    return request
  }

  /// The request as a GET, if it may be one and is short enough.
  private func getRequest(for call: WireCall, to parts: URLComponents) throws -> URLRequest? {
    guard call.usesGET, call.idempotency == .noSideEffects, !call.isStream else { return nil }
    var parts = parts
    var query = "connect=v1"
    if call.format == .json, let text = String(validating: call.message, as: UTF8.self) {
      query += "&encoding=json&message=\(text.encodedForQuery)"
    } else {
      query += "&base64=1&encoding=\(call.format)&message=\(Base64.encodeForURL(call.message))"
    }
    parts.percentEncodedQuery = query
    guard (parts.string ?? "").utf8.count <= Self.longestAddress else { return nil }
    return try URLRequest(parts, method: "GET", metadata: call.metadata)
  }

  // MARK: Response

  func headers(of head: WireHead) -> RPCMetadata {
    var headers = RPCMetadata()
    for field in head.fields.fields where !field.name.hasPrefix(Self.trailerPrefix) {
      headers.add(field.name, field.value)
    }
    return headers
  }

  private func trailers(of head: WireHead) -> RPCMetadata {
    var trailers = RPCMetadata()
    for field in head.fields.fields where field.name.hasPrefix(Self.trailerPrefix) {
      trailers.add(String(field.name.dropFirst(Self.trailerPrefix.count)), field.value)
    }
    return trailers
  }

  func unary(
    _ head: WireHead,
    _ body: Data,
    format: RPCFormat,
    limits: RPCLimits
  ) throws(RPCFault) -> (message: Data?, end: WireEnd) {
    let trailers = trailers(of: head)
    guard head.status == 200 else {
      return (nil, WireEnd(failure: failure(head, body), trailers: trailers))
    }
    guard head.contentType == "application/\(format)" else {
      throw .unexpectedContentType(head.contentType)
    }
    guard body.count <= limits.responseBytes else {
      throw .responseTooLarge(limit: limits.responseBytes)
    }
    return (body, WireEnd(failure: nil, trailers: trailers))
  }

  /// What a response says whose status is not 200.
  private func failure(_ head: WireHead, _ body: Data) -> WireFailure {
    let fallback = RPCCode(httpStatus: head.status)
    let error: ConnectError? =
      head.contentType == "application/json"
      ? try? JSONDecoder().decode(ConnectError.self, from: body) : nil
    if let error, error.code != nil { return error.failure(or: fallback) }
    // Without a code it may be of something in between, but what it says is of use all the same.
    let said = error?.failure(or: fallback)
    return WireFailure(
      code: fallback,
      message: error?.message ?? "status \(head.status)",
      details: said?.details ?? [],
      origin: .http(status: head.status)
    )
  }

  // MARK: Streams

  func begin(_ head: WireHead, format: RPCFormat) throws(RPCFault) -> WireEnd? {
    guard head.status == 200 else {
      return WireEnd(failure: failure(head, Data()), trailers: trailers(of: head))
    }
    guard head.contentType == "application/connect+\(format)" else {
      throw .unexpectedContentType(head.contentType)
    }
    return nil
  }

  func event(of frame: Frame) throws(RPCFault) -> WireEvent {
    switch frame.flags {
    case 0: return .message(frame.payload)
    case Self.endFlag: return .end(try end(frame.payload))
    case 0b01, 0b11: throw .compressedMessage
    default: throw .invalidFrame(flags: frame.flags)
    }
  }

  private func end(_ payload: Data) throws(RPCFault) -> WireEnd {
    guard let end = try? JSONDecoder().decode(ConnectEnd.self, from: payload) else {
      throw .invalidEnd
    }
    return WireEnd(failure: end.error?.failure(or: .unknown), trailers: end.trailers)
  }
}

extension String {
  /// The text for a query, with all that means something there encoded.
  fileprivate var encodedForQuery: String {
    addingPercentEncoding(withAllowedCharacters: .unreserved) ?? ""
  }
}

extension CharacterSet {
  /// What means itself everywhere in an address: [RFC 3986, section
  /// 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
  fileprivate static let unreserved = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
  )
}
