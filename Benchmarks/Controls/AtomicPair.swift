import Synchronization

/// The least that counting calls in flight takes: an atomic addition and an atomic subtraction.
final class AtomicPair: Sendable {
  private let running = Atomic<Int>(0)

  @inline(__always)
  func run<T>(_ operation: () async throws -> T) async throws -> T {
    running.add(1, ordering: .acquiring)
    do {
      let value = try await operation()
      running.subtract(1, ordering: .releasing)
      return value
    } catch {
      running.subtract(1, ordering: .releasing)
      throw error
    }
  }
}
