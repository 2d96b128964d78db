import Resilience

// More code of the article on timeouts: see DocumentationCode.swift. Never run.

private struct LegacyRequest: Sendable {
  func answer() async throws -> Int { 0 }
  func cancel() {}
}

private struct Legacy: Sendable {
  func answer(to question: String) async -> Int { 0 }
  func answer(to question: String, _ completion: @escaping @Sendable (Int) -> Void) {}
  func request(_ question: String) -> LegacyRequest { LegacyRequest() }
}

private func isBatch() -> Bool { true }

private func abandoning(legacy: Legacy, question: String) async throws {
  let patient = Timeout(each: { isBatch() ? .seconds(30) : .seconds(1) })
  _ = patient

  let abandoning = AbandoningTimeout(.seconds(1), atMost: 10)
  let answer = try await abandoning.run { await legacy.answer(to: question) }
  _ = answer
}

private func deaf(timeout: Timeout, legacy: Legacy, question: String) async throws {
  let answer = try await timeout.run {
    await withCheckedContinuation { continuation in
      legacy.answer(to: question) { continuation.resume(returning: $0) }
    }
  }
  _ = answer
}

private func listening(timeout: Timeout, legacy: Legacy, question: String) async throws {
  let request = legacy.request(question)
  let answer = try await timeout.run {
    try await withTaskCancellationHandler {
      try await request.answer()
    } onCancel: {
      request.cancel()
    }
  }
  _ = answer
}
