public import Foundation

/// A body that is written piece by piece while it is sent.
public final class ServerBodyStream: Sendable {
  /// Sends a piece; returns when the system has taken it, and throws when the client has gone.
  ///
  /// One piece at a time: a second one while the first is on its way throws.
  public typealias Writer = @Sendable (_ piece: Data) async throws -> Void

  let produce: @Sendable (_ write: @escaping Writer) async throws -> Void

  init(_ produce: @escaping @Sendable (_ write: @escaping Writer) async throws -> Void) {
    self.produce = produce
  }
}

extension ServerBodyStream: Equatable {
  /// Whether both are the same stream.
  public static func == (lhs: ServerBodyStream, rhs: ServerBodyStream) -> Bool { lhs === rhs }
}

extension ServerResponse {
  /// A response whose body is written while it is sent, in chunks of HTTP.
  ///
  /// The task that writes is cancelled when the client goes away or the server stops. If it throws,
  /// the connection breaks off in the middle of the body.
  ///
  /// - Parameters:
  ///   - status: The status code.
  ///   - headers: The header fields.
  ///   - produce: Writes the body, and returns when it is complete.
  /// - Returns: The response.
  public static func stream(
    status: Int = 200,
    headers: ServerHeaders = [:],
    _ produce: @escaping @Sendable (_ write: @escaping ServerBodyStream.Writer) async throws -> Void
  ) -> Self {
    var response = Self(status: status, headers: headers)
    response.stream = ServerBodyStream(produce)
    return response
  }
}
