public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

extension URLSession {
  /// Sends a request through a policy, and answers with a response that was kept if that fails.
  ///
  /// ```swift
  /// let page = try await session.data(for: request, through: pipeline, keeping: kept)
  /// ```
  ///
  /// - Parameters:
  ///   - request: What to send. Only the response to a GET is kept, or replaced by a kept one.
  ///   - policy: What the request runs through; what it refuses is answered, too.
  ///   - kept: Where responses are kept.
  ///   - maxResponseBytes: The longest body to receive; not negative.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  /// - Returns: The response, and where it comes from.
  /// - Throws: What the call threw, if nothing is kept that may be used.
  public func data(
    for request: URLRequest,
    through policy: some Policy,
    keeping kept: StaleIfError,
    maxResponseBytes: Int = URLSession.defaultMaxResponseBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    isRepeatable: Bool? = nil
  ) async throws -> KeptResponse<Data> {
    try await kept.answer(request, by: self) {
      try await data(
        for: request,
        through: policy,
        maxResponseBytes: maxResponseBytes,
        maxRetryAfter: maxRetryAfter,
        isRepeatable: isRepeatable
      )
    }
  }
}
