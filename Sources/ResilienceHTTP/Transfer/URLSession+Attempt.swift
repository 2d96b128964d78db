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
    let hop = Hop(try request.carryingContext)
    let answer = try await channel.answer(to: hop, maxResponseBytes: maxResponseBytes)
    return (answer.body, answer.response)
  }

  /// Sends a request once and waits for the head of the response, whatever its status.
  package func openAttempt(
    _ request: URLRequest,
    maxResponseBytes: Int
  ) async throws -> OpenStream {
    let hop = Hop(try request.carryingContext)
    return try await openStream(to: hop, maxResponseBytes: maxResponseBytes)
  }
}

extension URLRequest {
  /// This request with the criticality, the ID and the trace of the current task; how the deadline and
  /// the number of an attempt are said is the other protocol's affair.
  fileprivate var carryingContext: URLRequest {
    get throws {
      var propagation = HTTPPropagation.standard
      propagation.deadlineField = nil
      propagation.attemptField = nil
      return try OutgoingContext(propagation).said(by: self, attempt: 1)
    }
  }
}
