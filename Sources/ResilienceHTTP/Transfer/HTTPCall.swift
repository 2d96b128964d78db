internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One call: a request that policies may send several times.
struct HTTPCall {
  let request: URLRequest
  var body: HTTPBody?
  let isRepeatable: Bool?

  /// Whether the body can be sent once only.
  private var isOneShot: Bool { request.httpBodyStream != nil || body?.isReplayable == false }

  /// Runs the call through a policy.
  ///
  /// - Parameters:
  ///   - policy: The policy.
  ///   - attempt: Sends the request and makes the result of its answer, or throws; what the policy
  ///     judges.
  /// - Returns: What `attempt` made of the last answer.
  /// - Throws: What `attempt` or the policy threw last.
  func run<Value>(
    through policy: some Policy,
    _ attempt: (Hop) async throws -> Value
  ) async throws -> Value {
    guard !isOneShot else { return try await runOnce(through: policy, attempt) }
    func operation() async throws -> Value {
      try await attempt(Hop(request.statingCriticality, body: body))
    }
    if isRepeatable ?? request.isRepeatable { return try await policy.run(operation) }
    return try await CallTraits.$isRepeatable.withValue(false) { try await policy.run(operation) }
  }

  /// Runs a call whose request must not be sent twice, not even if the service has not seen it.
  private func runOnce<Value>(
    through policy: some Policy,
    _ attempt: (Hop) async throws -> Value
  ) async throws -> Value {
    var isSent = false
    var failure: (any Error)?
    func operation() async throws -> Value {
      // A policy that repeats all the same finds what the first attempt found.
      guard !isSent else { throw failure ?? URLError(.requestBodyStreamExhausted) }
      isSent = true
      do {
        return try await attempt(Hop(request.statingCriticality, body: body))
      } catch {
        failure = error
        throw error
      }
    }
    return try await CallTraits.$isRepeatable.withValue(false) {
      try await CallTraits.$isOneShot.withValue(true) { try await policy.run(operation) }
    }
  }
}
