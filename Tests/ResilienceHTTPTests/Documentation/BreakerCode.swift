import Resilience

// More code of the article on the circuit breaker: see DocumentationCode.swift. Never run.

private struct NotFound: Error {}

private struct Service {
  func suggestions() async throws -> [String] { [] }
}

private func suggestions(breaker: CircuitBreaker, service: Service) async throws -> [String] {
  let suggestions = try await breaker.runIfAdmitted { try await service.suggestions() } ?? []
  return suggestions
}

private func asking(breaker: CircuitBreaker, service: Service) async throws -> [String] {
  guard breaker.state == .closed else { return [] }
  return try await breaker.run { try await service.suggestions() }
}

private func judging() {
  let judge = Classifier { error in
    error is NotFound ? .success : Classifier.standard.judge(error)
  }
  let users = CircuitBreaker("users", judging: judge)
  _ = users
}
