package import Resilience

#if canImport(FoundationNetworking)
  internal import Foundation
  package import FoundationNetworking
#else
  package import Foundation
#endif

/// One call: a request that policies may send several times.
package struct HTTPCall {
  let request: URLRequest
  let session: URLSession
  let maxResponseBytes: Int
  let isRepeatable: Bool?

  package init(
    request: URLRequest,
    session: URLSession,
    maxResponseBytes: Int,
    isRepeatable: Bool?
  ) {
    self.request = request
    self.session = session
    self.maxResponseBytes = maxResponseBytes
    self.isRepeatable = isRepeatable
  }

  /// Runs the call through a policy.
  ///
  /// - Parameters:
  ///   - policy: The policy.
  ///   - result: Makes the result of an answer, or throws; part of what the policy judges.
  /// - Returns: What `result` made of the last answer.
  /// - Throws: What the transfer, `result` or the policy threw last.
  package func run<Value>(
    through policy: some Policy,
    _ result: (Answer) throws -> Value
  ) async throws -> Value {
    precondition(maxResponseBytes >= 0, "need maxResponseBytes (\(maxResponseBytes)) >= 0")
    var isFirst = true
    func operation() async throws -> Value {
      // A stream can be read once only.
      if !isFirst, request.httpBodyStream != nil { throw URLError(.requestBodyStreamExhausted) }
      isFirst = false
      return try result(
        try await session.channel.answer(
          to: request.statingCriticality,
          maxResponseBytes: maxResponseBytes
        )
      )
    }
    if isRepeatable ?? request.isRepeatable { return try await policy.run(operation) }
    return try await CallTraits.$isRepeatable.withValue(false) { try await policy.run(operation) }
  }
}
