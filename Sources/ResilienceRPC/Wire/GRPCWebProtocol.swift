internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// gRPC-Web with binary bodies: frames as in gRPC, and the trailers in a frame of their own.
///
/// ## Source
/// [gRPC-Web](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md), a difference to [gRPC
/// over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
struct GRPCWebProtocol: WireProtocol {
  /// The bit of a frame's flags that marks the trailers.
  static let trailersFlag: UInt8 = 0x80

  var endFlag: UInt8 { Self.trailersFlag }

  private static let previousAttempts = "grpc-previous-rpc-attempts"

  // MARK: Request

  func request(for call: WireCall, to base: URL) throws -> URLRequest {
    let parts = try base.address(of: call.method)
    var request = try URLRequest(parts, method: "POST", metadata: call.metadata)
    let type = "application/grpc-web+\(call.format)"
    request.setValue(type, forHTTPHeaderField: "content-type")
    request.setValue(type, forHTTPHeaderField: "accept")
    request.setValue("1", forHTTPHeaderField: "x-grpc-web")
    request.setValue("identity", forHTTPHeaderField: "grpc-accept-encoding")
    if let left = call.left {
      guard let value = RPCTimeout.grpcValue(left) else { throw RPCFault.deadlinePassed }
      request.setValue(value, forHTTPHeaderField: RPCTimeout.grpcField)
    }
    if call.previousAttempts > 0 {
      request.setValue("\(call.previousAttempts)", forHTTPHeaderField: Self.previousAttempts)
    }
    request.httpBody = Frame(payload: call.message).bytes
    return request
  }

  // MARK: Response

  func headers(of head: WireHead) -> RPCMetadata { GRPCTrailers.withoutStatus(head.fields) }

  func unary(
    _ head: WireHead,
    _ body: Data,
    format: RPCFormat,
    limits: RPCLimits
  ) throws(RPCFault) -> (message: Data?, end: WireEnd) {
    if let end = try begin(head, format: format) { return (nil, end) }
    var reader = FrameReader(limits.frameBounds(endFlag: endFlag))
    reader.append(body)
    var messages: [Data] = []
    while let frame = try reader.next() {
      switch try event(of: frame) {
      case .message(let message):
        messages.append(message)
      case .end(let end):
        guard reader.isAtBoundary else { throw .invalidFrame(flags: frame.flags) }
        if end.failure != nil { return (nil, end) }
        guard messages.count == 1 else { throw .messageCount(messages.count) }
        return (messages[0], end)
      }
    }
    throw .truncatedResponse
  }

  func begin(_ head: WireHead, format: RPCFormat) throws(RPCFault) -> WireEnd? {
    // Without a body the trailers are among the headers.
    if head.fields[GRPCTrailers.status] != nil { return try GRPCTrailers.end(head.fields) }
    guard head.status == 200 else {
      let failure = WireFailure(
        code: RPCCode(httpStatus: head.status),
        message: "status \(head.status)",
        details: [],
        origin: .http(status: head.status)
      )
      return WireEnd(failure: failure, trailers: [:])
    }
    let expected = ["application/grpc-web", "application/grpc-web+\(format)"]
    guard expected.contains(head.contentType) else {
      throw .unexpectedContentType(head.contentType)
    }
    return nil
  }

  func event(of frame: Frame) throws(RPCFault) -> WireEvent {
    switch frame.flags {
    case 0: return .message(frame.payload)
    case Self.trailersFlag:
      return .end(try GRPCTrailers.end(try GRPCTrailers.fields(frame.payload)))
    case 0x01, Self.trailersFlag | 0x01: throw .compressedMessage
    default: throw .invalidFrame(flags: frame.flags)
    }
  }
}
