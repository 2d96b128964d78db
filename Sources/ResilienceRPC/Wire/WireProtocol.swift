internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What a protocol decides: how a request looks, and what a response means.
protocol WireProtocol: Sendable {
  /// The request for a call.
  func request(for call: WireCall, to base: URL) throws -> URLRequest

  /// The bit of a frame's flags that marks the end of a response.
  var endFlag: UInt8 { get }

  /// What a whole response to a unary call means.
  ///
  /// - Parameters:
  ///   - head: The beginning of the response.
  ///   - body: All of its body.
  ///   - format: The format of the request.
  ///   - limits: The most bytes that a message may have, among others.
  /// - Returns: The message, if the call succeeded, and how it ended.
  /// - Throws: ``RPCFault`` for a response that means nothing.
  func unary(
    _ head: WireHead,
    _ body: Data,
    format: RPCFormat,
    limits: RPCLimits
  ) throws(RPCFault) -> (message: Data?, end: WireEnd)

  /// What the beginning of a stream means.
  ///
  /// - Returns: The end, if the stream has ended with its beginning; `nil` if frames follow.
  func begin(_ head: WireHead, format: RPCFormat) throws(RPCFault) -> WireEnd?

  /// What a frame of a stream means.
  func event(of frame: Frame) throws(RPCFault) -> WireEvent

  /// The metadata before the response.
  func headers(of head: WireHead) -> RPCMetadata
}

/// Which protocol a client speaks.
public enum RPCProtocol: Hashable, Sendable, CaseIterable {
  /// Connect: one plain request and one plain response for a unary call.
  case connect

  /// gRPC-Web: what Envoy and others translate to gRPC.
  case grpcWeb

  var wire: any WireProtocol {
    switch self {
    case .connect: ConnectProtocol()
    case .grpcWeb: GRPCWebProtocol()
    }
  }
}

extension URL {
  /// The address of a method below this one; the query of this one is dropped.
  func address(of method: RPCMethodName) throws -> URLComponents {
    guard var parts = URLComponents(url: self, resolvingAgainstBaseURL: true) else {
      throw URLError(.badURL)
    }
    let base = parts.percentEncodedPath
    parts.percentEncodedPath = base.hasSuffix("/") ? "\(base)\(method)" : "\(base)/\(method)"
    parts.query = nil
    parts.fragment = nil
    return parts
  }
}

extension URLRequest {
  /// A request with the metadata of a call as header fields.
  init(_ parts: URLComponents, method: String, metadata: RPCMetadata) throws {
    guard let url = parts.url else { throw URLError(.badURL) }
    self.init(url: url)
    httpMethod = method
    for field in try metadata.checked() { addValue(field.value, forHTTPHeaderField: field.name) }
  }
}

extension WireHead {
  init(_ response: HTTPURLResponse) {
    var fields = RPCMetadata()
    // Fields of one name come joined, and names in no order.
    let all = response.allHeaderFields.map { ("\($0.key)", "\($0.value)") }
    for (name, value) in all.sorted(by: { $0 < $1 }) { fields.add(name, received: value) }
    self.init(status: response.statusCode, fields: fields)
  }
}
