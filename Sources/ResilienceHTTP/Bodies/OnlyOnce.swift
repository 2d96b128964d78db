internal import Foundation

/// Carries out what must not be done twice, not even if the service has not seen it.
///
/// A policy that repeats all the same finds what the first attempt found.
final class OnlyOnce {
  private var isSent = false
  private var failure: (any Error)?

  func run<Value>(_ attempt: () async throws -> Value) async throws -> Value {
    guard !isSent else { throw failure ?? URLError(.requestBodyStreamExhausted) }
    isSent = true
    do {
      return try await attempt()
    } catch {
      failure = error
      throw error
    }
  }
}
