internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// A call whose response is read while it arrives.
struct Streaming {
  let session: URLSession
  let call: HTTPCall
  let maxResponseBytes: Int
  let bodyTimeout: Duration?
  let timeline: Timeline

  /// Runs the call up to the head through the policy, and then reads the body.
  ///
  /// - Parameters:
  ///   - policy: What the request runs through.
  ///   - isFine: Whether a response with this status is to be read; else it is thrown.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows.
  ///   - read: Reads the body.
  /// - Returns: What `read` returned.
  /// - Throws: What the attempts, the policy or `read` threw last; `TimedOut`.
  func run<Value>(
    through policy: some Policy,
    isFine: (Int) -> Bool,
    maxRetryAfter: Duration,
    _ read: (HTTPURLResponse, HTTPResponseBody) async throws -> Value
  ) async throws -> Value {
    precondition(maxResponseBytes >= 0, "need maxResponseBytes (\(maxResponseBytes)) >= 0")
    let stream = try await call.run(through: policy) { hop in
      let stream = try await session.openStream(to: hop, maxResponseBytes: maxResponseBytes)
      guard isFine(stream.response.statusCode) else {
        throw HTTPStatusError(try await stream.excerpt(), maxRetryAfter: maxRetryAfter)
      }
      return stream
    }
    defer { stream.close() }
    let limit = bodyTimeout ?? .seconds(Int64.max)
    return try await Timeout(limit, name: "response body", timeline: timeline).run {
      try await read(stream.response, stream.body)
    }
  }
}
