internal import Foundation
public import Resilience
internal import ResilienceHTTP

/// Thrown when a call did not succeed: a code, a message, and what the server added.
///
/// Policies understand it by the table of ``RPCCodedError`` if the server said it. What came from
/// elsewhere keeps the meaning that it has there: a status of something in between by the table of
/// `HTTPStatusError`, with its `Retry-After`; what the transport threw by that of `URLError`, so that
/// a refused connection may be tried again whatever the method does.
public struct RPCStatus: RPCCodedError, CustomStringConvertible {
  /// Who said that the call failed.
  public enum Origin: Sendable {
    /// The service.
    case server
    /// Something that speaks HTTP only, with this status.
    case http(status: Int)
    /// The transport, or the clock that keeps the deadline, with this error.
    case transport(any Error)
    /// This client.
    case client(RPCFault)
  }

  /// The code.
  public let code: RPCCode

  /// What went wrong, for people who develop; may be empty.
  public let message: String

  /// What the server added.
  public let details: [RPCDetail]

  /// The metadata before the response.
  public let headers: RPCMetadata

  /// The metadata after the response.
  public let trailers: RPCMetadata

  /// The method that was called, such as `acme.v1.UserService/GetUser`; empty if that is not known.
  public let method: String

  /// Who said so.
  public let origin: Origin

  /// Creates a status, to throw in a handler or to test how code bears it.
  ///
  /// - Parameters:
  ///   - code: The code.
  ///   - message: What went wrong.
  ///   - details: What else there is to know.
  ///   - headers: The metadata before the response.
  ///   - trailers: The metadata after the response, such as ``RetryPushback/metadataName``.
  ///   - method: The method that was called.
  ///   - origin: Who said so.
  public init(
    _ code: RPCCode,
    _ message: String = "",
    details: [RPCDetail] = [],
    headers: RPCMetadata = [:],
    trailers: RPCMetadata = [:],
    method: String = "",
    origin: Origin = .server
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.headers = headers
    self.trailers = trailers
    self.method = method
    self.origin = origin
  }

  /// A fault that the client found.
  init(_ fault: RPCFault, method: String, headers: RPCMetadata = [:]) {
    self.init(
      fault.code,
      "\(fault)",
      headers: headers,
      method: method,
      origin: .client(fault)
    )
  }

  /// The code, for policies.
  public var rpcCode: RPCCode { code }

  /// What the server said about retrying: by its metadata, or by a detail `google.rpc.RetryInfo`.
  public var retryPushback: RetryPushback {
    let name = RetryPushback.metadataName
    let said = RetryPushback(trailers[name] ?? headers[name])
    guard said == .unsaid else { return said }
    return details.lazy.compactMap(RetryInfo.init(detail:)).first?.pushback ?? .unsaid
  }

  /// What it says about the service.
  ///
  /// A fault found by the client is ignored, since either side may be wrong; but a response that
  /// broke off is a failure, and one that is too long a success.
  public var verdict: Verdict {
    switch origin {
    case .server: code.verdict
    case .http(let status): httpError(status).verdict
    case .transport(let error): (error as? any CallError)?.verdict ?? code.verdict
    case .client(.truncatedResponse): .failure
    case .client(.responseTooLarge): .success
    case .client: .ignored
    }
  }

  /// What it says about repeating the call.
  public var retryAdvice: RetryAdvice {
    switch origin {
    case .server: code.retryAdvice(retryPushback)
    case .http(let status): httpError(status).retryAdvice
    case .transport(let error): (error as? any CallError)?.retryAdvice ?? .allowed
    case .client(.truncatedResponse): .allowed
    case .client: .forbidden
    }
  }

  /// The status on one line, with at most 200 characters of the message.
  public var description: String {
    let place = method.isEmpty ? "" : "\(method): "
    let text = message.isEmpty ? "" : ": \(message.prefix(200))"
    return "\(place)\(code)\(text)"
  }
}

extension RPCStatus {
  /// What the transport threw, with the code that stands for it.
  static func transport(_ error: any Error, method: String) -> RPCStatus {
    let (code, message): (RPCCode, String) =
      switch error {
      case let error as URLError where error.code == .timedOut:
        (.deadlineExceeded, error.localizedDescription)
      case let error as URLError where error.code == .cancelled:
        (.cancelled, error.localizedDescription)
      case let error as TimedOut: (.deadlineExceeded, "\(error)")
      default: (.unavailable, error.localizedDescription)
      }
    return RPCStatus(code, message, method: method, origin: .transport(error))
  }

  /// What ResilienceHTTP makes of the status of something in between.
  private func httpError(_ status: Int) -> HTTPStatusError {
    var fields = HTTPHeaders()
    for name in ["retry-after", "date"] { fields[name] = headers[name] }
    return HTTPStatusError(status: status, headers: fields, url: URL(filePath: "/"))
  }
}
