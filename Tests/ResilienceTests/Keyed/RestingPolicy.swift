import Resilience
import Synchronization

/// A policy that does nothing, and is at rest as a test says.
final class RestingPolicy: Policy {
  let number: Int
  private let resting = Atomic<Bool>(true)
  private let onQuestion = Guarded<(@Sendable () -> Void)?>(nil)

  init(_ number: Int = 0) {
    self.number = number
  }

  var isAtRest: Bool {
    onQuestion.withLock { $0 }?()
    return resting.load(ordering: .relaxed)
  }

  func setAtRest(_ isAtRest: Bool) { resting.store(isAtRest, ordering: .relaxed) }

  /// Does something whenever somebody asks whether the policy is at rest.
  func whenAsked(_ action: (@Sendable () -> Void)?) { onQuestion.withLock { $0 = action } }

  func run<T>(_ operation: () async throws -> T) async throws -> T { try await operation() }
}

extension Keyed {
  /// All keys, the one used last first.
  var keys: [Key] { snapshot().map(\.key) }

  /// Whether the statistics add up to the number of entries; for when nobody is at work.
  var addsUp: Bool {
    let s = statistics
    let entries = s.created - s.evicted - s.expired - s.removed
    return entries == count && keys.count == count && count <= limit
  }
}
