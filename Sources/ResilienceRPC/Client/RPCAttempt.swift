internal import Foundation
internal import Resilience
internal import ResilienceHTTP

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What every attempt of a call sends, and how one is made.
struct RPCAttempt<Response: RPCMessage>: Sendable {
  let method: RPCMethodName
  let idempotency: RPCIdempotency
  let message: Data
  let metadata: RPCMetadata
  let format: RPCFormat
  let limits: RPCLimits
  let wire: any WireProtocol
  let session: URLSession
  let baseURL: URL
  let isStream: Bool
  let usesGET: Bool
  let limit: CallDeadline

  /// Makes one attempt of a unary call.
  ///
  /// - Parameter number: The number of the attempt; the first is 1.
  /// - Returns: The reply.
  /// - Throws: ``RPCStatus`` or `CancellationError`.
  func unary(_ number: Int) async throws -> RPCReply<Response> {
    let deadline = Deadline.current
    return try await withinDeadline {
      let (body, response) = try await session.attempt(
        try request(number, by: deadline),
        maxResponseBytes: limits.unaryBytes
      )
      let head = WireHead(response)
      let (message, end) = try wire.unary(
        head,
        body,
        format: format,
        limits: limits
      )
      let headers = wire.headers(of: head)
      if let failure = end.failure { throw status(failure, headers, end.trailers) }
      guard let message else { throw RPCFault.messageCount(0) }
      return RPCReply(try decode(message), headers: headers, trailers: end.trailers)
    }
  }

  /// Makes one attempt of a call that answers with a stream, up to its first message.
  ///
  /// - Parameters:
  ///   - number: The number of the attempt; the first is 1.
  ///   - deadline: That of the whole call: those within end with the first message.
  /// - Returns: The stream.
  /// - Throws: ``RPCStatus`` or `CancellationError`.
  func open(_ number: Int, by deadline: Deadline?) async throws -> RPCStreamSource<Response> {
    try await withinDeadline {
      let transfer = try await session.openAttempt(
        try request(number, by: deadline),
        maxResponseBytes: limits.streamBytes
      )
      return try await RPCStreamSource(transfer, of: self)
    }
  }

  /// The request of an attempt, with what is left of the deadline at this instant.
  private func request(_ number: Int, by deadline: Deadline?) throws -> URLRequest {
    try wire.request(
      for: WireCall(
        method: method,
        idempotency: idempotency,
        format: format,
        message: message,
        metadata: metadata,
        left: deadline?.remaining,
        previousAttempts: number - 1,
        isStream: isStream,
        usesGET: usesGET
      ),
      to: baseURL
    )
  }

  func decode(_ message: Data) throws(RPCFault) -> Response {
    do {
      return try Response(rpcBytes: message, format: format)
    } catch {
      throw .notDecodable(error)
    }
  }

  func status(
    _ failure: WireFailure,
    _ headers: RPCMetadata,
    _ trailers: RPCMetadata
  ) -> RPCStatus {
    RPCStatus(
      failure.code,
      failure.message,
      details: failure.details,
      headers: headers,
      trailers: trailers,
      method: "\(method)",
      origin: failure.origin
    )
  }

  /// Makes an attempt until the deadline at most, and turns what goes wrong into a status.
  private func withinDeadline<Value>(_ body: () async throws -> Value) async throws -> Value {
    if let left = Deadline.current?.remaining, left <= .zero {
      throw RPCStatus(.deadlinePassed, method: "\(method)")
    }
    return try await limit.run { try await explainingErrors(body) }
  }

  /// Turns what goes wrong into a status, but for a cancellation.
  func explainingErrors<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as RPCStatus {
      throw error
    } catch let error as CancellationError {
      throw error
    } catch let fault as RPCFault {
      throw RPCStatus(fault, method: "\(method)")
    } catch is ResponseTooLarge {
      let limit = isStream ? limits.streamBytes : limits.responseBytes
      throw RPCStatus(.responseTooLarge(limit: limit), method: "\(method)")
    } catch is DeadlinePassed {
      throw RPCStatus(.deadlinePassed, method: "\(method)")
    } catch {
      throw RPCStatus.transport(error, method: "\(method)")
    }
  }
}
