public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#else
  public import Foundation
#endif

extension URLSession {
  /// The longest body that is streamed or downloaded unless a call says otherwise: 1 GiB.
  public static let defaultMaxStreamedBytes = 1_024 * 1_024 * 1_024

  /// How long a streamed body may take unless a call says otherwise: a minute.
  public static let defaultBodyTimeout = Duration.seconds(60)

  /// Sends a request through a policy, and reads the body of the response while it arrives.
  ///
  /// ```swift
  /// let count = try await session.stream(for: request, through: pipeline) { response, body in
  ///   var count = 0
  ///   for try await piece in body { count += piece.count }
  ///   return count
  /// }
  /// ```
  ///
  /// The policies cover a call until the head of a response has arrived whose status means no
  /// failure: until then it may be repeated, and is judged. Then the closure is called, once, and
  /// the body is the caller's: what goes wrong in it moves no breaker and is not repeated, since the
  /// closure may have acted on its beginning. Two limits govern it: the `bodyTimeout`, counted from
  /// the head on, which throws `TimedOut`, and the deadline of the call
  /// (`withCallDeadline(in:on:_:)`), if that comes earlier. A timeout around the whole call cancels
  /// the body as it cancels anything.
  ///
  /// While the closure does not read, at most 256 KiB and one piece wait in memory, and the peer is
  /// held back. When the closure returns or throws, or the task is cancelled, the transfer ends, and
  /// nothing is left of it; a body that was read to its end leaves a connection for the next call.
  ///
  /// On Linux each body has a session of its own for as long as it is under way, and keeps a
  /// connection of its own, since a session can be held back as a whole only.
  ///
  /// - Parameters:
  ///   - request: What to send, over HTTP or HTTPS.
  ///   - body: The body, instead of the request's own.
  ///   - policy: What the request runs through, up to the head of the response.
  ///   - bodyTimeout: How long the closure may take; `nil` for no limit but the call's deadline.
  ///   - maxResponseBytes: The longest body to receive, after any decompression; not negative.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows; a longer one forbids to
  ///     retry.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  ///   - timeline: The time by which the body's timeout is measured.
  ///   - read: Reads the body. It runs on the caller's isolation.
  /// - Returns: What the closure returned.
  /// - Throws: What the closure threw; `TimedOut`; before the closure, what
  ///   ``data(for:body:through:maxResponseBytes:maxRetryAfter:isRepeatable:)`` throws.
  public func stream<Value>(
    for request: URLRequest,
    body: HTTPBody? = nil,
    through policy: some Policy,
    bodyTimeout: Duration? = URLSession.defaultBodyTimeout,
    maxResponseBytes: Int = URLSession.defaultMaxStreamedBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    isRepeatable: Bool? = nil,
    timeline: Timeline = .system,
    _ read: (HTTPURLResponse, HTTPResponseBody) async throws -> Value
  ) async throws -> Value {
    let streaming = Streaming(
      session: self,
      call: HTTPCall(request: request, body: body, isRepeatable: isRepeatable),
      maxResponseBytes: maxResponseBytes,
      bodyTimeout: bodyTimeout,
      timeline: timeline
    )
    return try await streaming.run(
      through: policy,
      isFine: { HTTPStatus(code: $0).judgement.verdict != .failure },
      maxRetryAfter: maxRetryAfter,
      read
    )
  }
}
