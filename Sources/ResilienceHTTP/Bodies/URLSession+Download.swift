public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

extension URLSession {
  /// Sends a request through a policy, and writes the body of the response to a file.
  ///
  /// ```swift
  /// try await session.download(for: request, to: archive, through: pipeline)
  /// ```
  ///
  /// The body goes to a file beside the one asked for, which takes its place when the body is
  /// complete: at any moment the file is the old one or the new one, and a call that fails leaves the
  /// old one, and nothing else. The policies cover the whole download: an attempt that breaks off
  /// begins anew. Memory is bounded whatever the length, as for
  /// ``stream(for:body:through:idempotencyKey:bodyTimeout:maxResponseBytes:maxRetryAfter:isRepeatable:propagation:timeline:_:)``.
  ///
  /// Every status but 2xx is thrown, as an ``HTTPStatusError``: the page of an error is not what the
  /// file is for.
  ///
  /// - Parameters:
  ///   - request: What to send, over HTTP or HTTPS.
  ///   - file: The file to make or to replace, in a folder that exists.
  ///   - policy: What the request runs through.
  ///   - maxResponseBytes: The longest body to receive, after any decompression; not negative.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows; a longer one forbids to
  ///     retry.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  ///   - propagation: What goes with the request about the call it is part of.
  /// - Returns: The head of the response.
  /// - Throws: ``HTTPStatusError``; ``FileNotWritten``; otherwise what
  ///   ``data(for:body:through:idempotencyKey:maxResponseBytes:maxRetryAfter:isRepeatable:propagation:)``
  ///   throws.
  /// - Precondition: `file` is a file URL.
  @discardableResult
  public func download(
    for request: URLRequest,
    to file: URL,
    through policy: some Policy,
    maxResponseBytes: Int = URLSession.defaultMaxStreamedBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    isRepeatable: Bool? = nil,
    propagation: HTTPPropagation = .standard
  ) async throws -> HTTPURLResponse {
    precondition(file.isFileURL, "need a file URL, not \(file)")
    precondition(maxResponseBytes >= 0, "need maxResponseBytes (\(maxResponseBytes)) >= 0")
    let call = HTTPCall(request, isRepeatable: isRepeatable, propagation: propagation)
    return try await call.run(through: policy) { hop in
      let stream = try await openStream(to: hop, maxResponseBytes: maxResponseBytes)
      defer { stream.close() }
      guard HTTPStatus(code: stream.response.statusCode).isSuccessful else {
        throw HTTPStatusError(try await stream.excerpt(), maxRetryAfter: maxRetryAfter)
      }
      try await FileSink.write(stream.body, to: file)
      return stream.response
    }
  }
}
