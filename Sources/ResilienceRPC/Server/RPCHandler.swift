internal import Foundation

/// What a handler knows of a call beside its message.
public struct RPCCallInfo: Sendable {
  /// The method that is called.
  public let method: RPCMethodName

  /// The metadata of the request, with the header fields of HTTP.
  public let metadata: RPCMetadata
}

/// A method of a service and what carries it out.
public struct RPCHandler: Sendable {
  /// Takes the bytes of a message in a format, and writes those of any number of answers.
  typealias Work =
    @Sendable (
      _ message: Data, _ format: RPCFormat, _ info: RPCCallInfo,
      _ write: @escaping @Sendable (Data) async throws -> Void
    ) async throws -> (headers: RPCMetadata, trailers: RPCMetadata)

  /// The method.
  public let method: RPCMethodName

  let idempotency: RPCIdempotency
  let isStream: Bool
  let work: Work

  /// A method with one message each way.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - handle: Carries it out; what it throws is the end of the call: an ``RPCStatus`` as it is, a
  ///     cancellation as `CANCELLED`, anything else as `UNKNOWN` without its text.
  /// - Returns: The handler.
  public static func unary<Request, Response>(
    _ method: RPCMethod<Request, Response>,
    _ handle: @escaping @Sendable (Request, RPCCallInfo) async throws -> RPCReply<Response>
  ) -> RPCHandler {
    RPCHandler(method: method.name, idempotency: method.idempotency, isStream: false) {
      message,
      format,
      info,
      write in
      let reply = try await handle(try read(message, format), info)
      try await write(try reply.message.rpcBytes(format: format))
      return (reply.headers, reply.trailers)
    }
  }

  /// A method that answers with any number of messages.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - handle: Carries it out and returns the trailers. Each message it sends is waited for until
  ///     it is on its way; to send throws when the client has gone.
  /// - Returns: The handler.
  public static func stream<Request, Response>(
    _ method: RPCMethod<Request, Response>,
    _ handle:
      @escaping @Sendable (
        Request, RPCCallInfo, _ send: @Sendable (Response) async throws -> Void
      ) async throws -> RPCMetadata
  ) -> RPCHandler {
    RPCHandler(method: method.name, idempotency: method.idempotency, isStream: true) {
      message,
      format,
      info,
      write in
      let trailers = try await handle(try read(message, format), info) { response in
        try await write(try response.rpcBytes(format: format))
      }
      return ([:], trailers)
    }
  }

  private static func read<Request: RPCMessage>(
    _ message: Data,
    _ format: RPCFormat
  ) throws(RPCStatus) -> Request {
    do {
      return try Request(rpcBytes: message, format: format)
    } catch {
      throw RPCStatus(.invalidArgument, "the message cannot be read")
    }
  }
}
