public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

extension URLSession {
  /// Sends a request through the policies of its host, as through a single policy.
  ///
  /// ```swift
  /// let (data, response) = try await session.data(for: request, through: hosts)
  /// ```
  ///
  /// - Parameters:
  ///   - request: What to send, over HTTP or HTTPS.
  ///   - hosts: The policies of all hosts.
  ///   - maxResponseBytes: The longest body to receive; not negative.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  /// - Returns: The body and the head of the response.
  /// - Throws: As for one policy.
  public func data<Policies: Policy>(
    for request: URLRequest,
    through hosts: HTTPHosts<Policies>,
    maxResponseBytes: Int = URLSession.defaultMaxResponseBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    isRepeatable: Bool? = nil
  ) async throws -> (Data, HTTPURLResponse) {
    try await data(
      for: request,
      through: try hosts.policy(for: request),
      maxResponseBytes: maxResponseBytes,
      maxRetryAfter: maxRetryAfter,
      isRepeatable: isRepeatable
    )
  }
}
