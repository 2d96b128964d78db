package import Foundation

#if canImport(FoundationNetworking)
  package import FoundationNetworking
#endif

// What an adapter of another protocol over HTTP needs: one attempt, judged by nobody yet.
extension URLSession {
  /// Sends a request once and receives the whole response, whatever its status.
  package func attempt(
    _ request: URLRequest,
    maxResponseBytes: Int
  ) async throws -> (Data, HTTPURLResponse) {
    let hop = Hop(request.statingCriticality)
    let answer = try await channel.answer(to: hop, maxResponseBytes: maxResponseBytes)
    return (answer.body, answer.response)
  }

  /// Sends a request once and waits for the head of the response, whatever its status.
  package func openAttempt(
    _ request: URLRequest,
    maxResponseBytes: Int
  ) async throws -> OpenStream {
    let hop = Hop(request.statingCriticality)
    return try await openStream(to: hop, maxResponseBytes: maxResponseBytes)
  }
}
