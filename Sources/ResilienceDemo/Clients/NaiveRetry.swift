import Resilience

/// A loop as it is often written: it calls again at once, whatever the call and whatever it was told.
struct NaiveRetry: Policy {
  let attempts: Int

  var mostCalls: Int { attempts }

  func run<T>(_ operation: () async throws -> T) async throws -> T {
    for _ in 1..<attempts {
      do {
        return try await operation()
      } catch  where Classifier.standard.judge(error) == .failure {
        continue
      }
    }
    return try await operation()
  }
}
