internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One call: a request that policies may send several times.
struct HTTPCall {
  let request: URLRequest
  let body: HTTPBody?
  let isRepeatable: Bool?
  let propagation: HTTPPropagation

  init(
    _ request: URLRequest,
    body: HTTPBody? = nil,
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil,
    propagation: HTTPPropagation = .standard
  ) {
    self.request = request.keyed(idempotencyKey)
    self.body = body
    self.isRepeatable = isRepeatable
    self.propagation = propagation
  }

  /// Whether the body can be sent once only.
  private var isOneShot: Bool { request.httpBodyStream != nil || body?.isReplayable == false }

  /// Runs the call through a policy.
  ///
  /// - Parameters:
  ///   - policy: The policy.
  ///   - attempt: Sends the request and makes the result of its answer, or throws; what the policy
  ///     judges.
  /// - Returns: What `attempt` made of the last answer.
  /// - Throws: What `attempt` or the policy threw last; ``DeadlinePassed``.
  func run<Value>(
    through policy: some Policy,
    _ attempt: (Hop) async throws -> Value
  ) async throws -> Value {
    let context = OutgoingContext(propagation)
    guard !isOneShot else { return try await runOnce(context, through: policy, attempt) }
    var attempts = 0
    func operation() async throws -> Value {
      attempts += 1
      return try await attempt(
        Hop(try context.said(by: request, attempt: attempts), body: body)
      )
    }
    if isRepeatable ?? request.isRepeatable { return try await policy.run(operation) }
    return try await CallTraits.$isRepeatable.withValue(false) { try await policy.run(operation) }
  }

  /// Runs a call whose request must not be sent twice, not even if the service has not seen it.
  private func runOnce<Value>(
    _ context: OutgoingContext,
    through policy: some Policy,
    _ attempt: (Hop) async throws -> Value
  ) async throws -> Value {
    let once = OnlyOnce()
    func operation() async throws -> Value {
      try await once.run {
        try await attempt(Hop(try context.said(by: request, attempt: 1), body: body))
      }
    }
    return try await CallTraits.$isRepeatable.withValue(false) {
      try await CallTraits.$isOneShot.withValue(true) { try await policy.run(operation) }
    }
  }
}
