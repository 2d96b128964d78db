internal import Foundation
public import Resilience

/// A Connect service without a server of HTTP: requests in, responses out.
///
/// It is made for tests and demonstrations: it speaks the whole of Connect for unary calls, GET
/// included, and for calls that answer with a stream, without compression; it heeds the client's
/// timeout; and it fails on demand. Metadata of a handler whose names belong to the protocol or to HTTP
/// are left out, as ``RPCMetadata`` lists them; others that cannot be sent make the call fail as
/// `INTERNAL`, and so none gets into the head of a response that does not belong there. Any server of
/// HTTP can carry it, such as the `FaultServer` of ResilienceTesting, whose faults of the transport come
/// in addition.
///
/// ```swift
/// let server = RPCServer {
///   RPCHandler.unary(.getUser) { request, _ in RPCReply(try directory.user(request.id)) }
/// }
/// server.inject(RPCStatus(.unavailable), times: 2)
/// ```
///
/// ## Source
/// [Connect Protocol Reference](https://connectrpc.com/docs/protocol/).
public final class RPCServer: Sendable {
  let script = Guarded(RPCFaultScript())
  private let handlers: [RPCMethodName: RPCHandler]
  private let limits: RPCLimits
  private let timeline: Timeline
  private let counts = Guarded<[RPCMethodName: Int]>([:])

  /// Creates a service.
  ///
  /// - Parameters:
  ///   - limits: The bounds of messages: of a request `requestBytes`, of a response `responseBytes`.
  ///   - timeline: The time by which timeouts are measured.
  ///   - handlers: The methods; of several with the same name the last one counts.
  public init(
    limits: RPCLimits = RPCLimits(),
    timeline: Timeline = .system,
    @RPCHandlerBuilder handlers: () -> [RPCHandler]
  ) {
    limits.check()
    self.limits = limits
    self.timeline = timeline
    self.handlers = Dictionary(handlers().map { ($0.method, $0) }) { $1 }
  }

  /// The methods, in alphabetical order.
  public var methods: [RPCMethodName] {
    handlers.keys.sorted { "\($0)" < "\($1)" }
  }

  /// How many calls of a method have come, those that a fault hit included.
  public func callCount(of method: RPCMethodName) -> Int {
    counts.withLock { $0[method] ?? 0 }
  }

  /// Makes calls fail from now on; of several faults the first that was injected counts.
  ///
  /// - Parameters:
  ///   - status: What a call comes to.
  ///   - times: How many calls it hits.
  ///   - method: The method it hits; `nil` for all.
  /// - Returns: A handle with which it can be ended.
  @discardableResult
  public func inject(
    _ status: RPCStatus,
    times: Int = .max,
    for method: RPCMethodName? = nil
  ) -> InjectedRPCFault {
    let id = script.withLock { $0.inject(status, times: times, method: method) }
    return InjectedRPCFault(id: id, server: self)
  }

  /// Answers a request.
  public func respond(to request: RPCServerRequest) async -> RPCServerResponse {
    guard let name = RPCMethodName(path: request.path), let handler = handlers[name] else {
      return .empty(404)
    }
    do {
      let call = try ConnectCall(request, for: handler, limits: limits)
      counts.withLock { $0[name, default: 0] += 1 }
      return handler.isStream ? stream(call, handler) : await unary(call, handler)
    } catch {
      return error.response
    }
  }

  // MARK: One answer

  private func unary(_ call: ConnectCall, _ handler: RPCHandler) async -> RPCServerResponse {
    do {
      let answer = LastMessage()
      let (headers, trailers) = try await carryOut(call, handler) { answer.set($0) }
      return .message(
        answer.message,
        format: call.format,
        headers: try headers.ofResponse(),
        trailers: try trailers.ofResponse()
      )
    } catch {
      return .failure(status(of: error))
    }
  }

  // MARK: A stream of answers

  private func stream(_ call: ConnectCall, _ handler: RPCHandler) -> RPCServerResponse {
    RPCServerResponse(
      status: 200,
      headers: ["content-type": "application/connect+\(call.format)"],
      body: .pieces { write in
        let end: ConnectEnd
        do {
          let (_, trailers) = try await self.carryOut(call, handler) { message in
            try await write(Frame(payload: message).bytes)
          }
          end = ConnectEnd(error: nil, trailers: try trailers.ofResponse())
        } catch {
          let status = self.status(of: error)
          end = ConnectEnd(error: ConnectError(status), trailers: status.trailers)
        }
        // Who has gone does not read it.
        try? await write(
          Frame(flags: ConnectProtocol.endFlag, payload: JSONEncoder.sorted(end)).bytes
        )
      }
    )
  }

  // MARK: Both

  private func carryOut(
    _ call: ConnectCall,
    _ handler: RPCHandler,
    _ write: @escaping @Sendable (Data) async throws -> Void
  ) async throws -> (headers: RPCMetadata, trailers: RPCMetadata) {
    if let status = script.withLock({ $0.hit(handler.method) }) { throw status }
    let info = RPCCallInfo(method: handler.method, metadata: call.metadata)
    let limit = limits.responseBytes
    @Sendable func bounded(_ message: Data) async throws {
      guard message.count <= limit else {
        throw RPCStatus(.resourceExhausted, "a message of a response may have \(limit) bytes")
      }
      try await write(message)
    }
    guard let timeout = call.timeout else {
      return try await handler.work(call.message, call.format, info, bounded)
    }
    return try await Timeout(timeout, name: "rpc", timeline: timeline).run {
      try await handler.work(call.message, call.format, info, bounded)
    }
  }

  private func status(of error: any Error) -> RPCStatus {
    switch error {
    case let status as RPCStatus: status.ofResponse
    case let fault as RPCFault: RPCStatus(.internal, "\(fault)")
    case is TimedOut: RPCStatus(.deadlineExceeded, "the client's time is over")
    case is CancellationError: RPCStatus(.cancelled)
    default: RPCStatus(.unknown)
    }
  }
}

extension RPCStatus {
  /// The status with the metadata that may be sent; another one if some cannot be.
  fileprivate var ofResponse: RPCStatus {
    do throws(RPCFault) {
      return RPCStatus(
        code,
        message,
        details: details,
        headers: try headers.ofResponse(),
        trailers: try trailers.ofResponse()
      )
    } catch {
      return RPCStatus(.internal, "\(error)")
    }
  }
}

/// The message that a unary handler wrote.
private final class LastMessage: Sendable {
  private let state = Guarded(Data())

  var message: Data { state.withLock { $0 } }

  func set(_ message: Data) { state.withLock { $0 = message } }
}

/// Collects the methods of a service.
@resultBuilder
public enum RPCHandlerBuilder {
  /// One method.
  public static func buildExpression(_ handler: RPCHandler) -> [RPCHandler] { [handler] }

  /// Methods made elsewhere.
  public static func buildExpression(_ handlers: [RPCHandler]) -> [RPCHandler] { handlers }

  /// Methods from a loop.
  public static func buildArray(_ handlers: [[RPCHandler]]) -> [RPCHandler] {
    handlers.flatMap { $0 }
  }

  /// Methods under a condition.
  public static func buildOptional(_ handlers: [RPCHandler]?) -> [RPCHandler] { handlers ?? [] }

  /// Methods of one branch.
  public static func buildEither(first handlers: [RPCHandler]) -> [RPCHandler] { handlers }

  /// Methods of the other branch.
  public static func buildEither(second handlers: [RPCHandler]) -> [RPCHandler] { handlers }

  /// All of them.
  public static func buildBlock(_ handlers: [RPCHandler]...) -> [RPCHandler] {
    handlers.flatMap { $0 }
  }
}
