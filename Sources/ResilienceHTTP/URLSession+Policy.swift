public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

extension URLSession {
  /// The longest body that a response may have unless a call says otherwise: 16 MiB.
  public static let defaultMaxResponseBytes = 16 * 1_024 * 1_024

  /// Sends a request through a policy, such as a pipeline, and returns the whole response.
  ///
  /// ```swift
  /// let (data, response) = try await URLSession.shared.data(for: request, through: pipeline)
  /// ```
  ///
  /// The policies understand statuses and the errors of the session as the tables of
  /// ``HTTPStatusError`` and of `URLError` say, and a method that is not idempotent is not repeated
  /// unless the service has not acted on it.
  ///
  /// A status that means that the service failed (408, 425, 429, and 5xx but 501, 505 and 510) is
  /// thrown. Any other is returned, 404 for instance: the service answered, and what the answer
  /// means is the caller's affair. ``HTTPService`` is stricter.
  ///
  /// The body is held in memory. A longer one than allowed is noticed by its `Content-Length` or
  /// while it arrives, and the transfer is cancelled then;
  /// ``stream(for:body:through:idempotencyKey:bodyTimeout:maxResponseBytes:maxRetryAfter:isRepeatable:propagation:timeline:_:)``
  /// hands it out piece by piece.
  ///
  /// The call ends at once when its task is cancelled, and the transfer is cancelled with it. What
  /// the task has been told of the call, such as its deadline and criticality, goes with the request
  /// as ``HTTPPropagation`` says; when the deadline has passed, nothing is sent.
  ///
  /// At most twenty redirects are followed. To another origin only header fields go that say nothing
  /// about who asks, and neither credentials nor keys. The way from HTTPS to HTTP is not taken, nor
  /// one that needs a body again that can be sent once only: the redirect is the response then. A
  /// delegate of the session may decide otherwise.
  ///
  /// On Linux the request is carried out by a companion session that is made at the first call from
  /// this session's configuration and forwards redirects and challenges to this session's delegate,
  /// since tasks there do not call delegates of their own. To invalidate this session does not end
  /// the companion; to let go of it does. A challenge that nobody has a credential for is the
  /// response, and so is there any but for “Basic”.
  ///
  /// - Parameters:
  ///   - request: What to send, over HTTP or HTTPS. One whose body is a stream is sent once only.
  ///   - body: The body, instead of the request's own.
  ///   - policy: What the request runs through.
  ///   - idempotencyKey: By what the service knows the request again; with one it may be repeated.
  ///   - maxResponseBytes: The longest body to receive, after any decompression; not negative.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows; a longer one forbids to
  ///     retry.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  ///   - propagation: What goes with the request about the call it is part of.
  /// - Returns: The body and the head of the response.
  /// - Throws: ``HTTPStatusError``; `URLError`; ``ResponseTooLarge``; ``ResponseHeadTooLarge``;
  ///   ``NotHTTP``; ``DeadlinePassed``; `CancellationError` when the task is cancelled; what the policies throw.
  public func data(
    for request: URLRequest,
    body: HTTPBody? = nil,
    through policy: some Policy,
    idempotencyKey: IdempotencyKey? = nil,
    maxResponseBytes: Int = URLSession.defaultMaxResponseBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    isRepeatable: Bool? = nil,
    propagation: HTTPPropagation = .standard
  ) async throws -> (Data, HTTPURLResponse) {
    precondition(maxResponseBytes >= 0, "need maxResponseBytes (\(maxResponseBytes)) >= 0")
    let channel = channel
    let call = HTTPCall(
      request,
      body: body,
      idempotencyKey: idempotencyKey,
      isRepeatable: isRepeatable,
      propagation: propagation
    )
    return try await call.run(through: policy) { hop in
      let answer = try await channel.answer(to: hop, maxResponseBytes: maxResponseBytes)
      if HTTPStatus(code: answer.status).judgement.verdict == .failure {
        throw HTTPStatusError(answer, maxRetryAfter: maxRetryAfter)
      }
      return (answer.body, answer.response)
    }
  }
}
