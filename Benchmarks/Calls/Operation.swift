import Synchronization

/// What every case calls: next to nothing, but neither inlined nor foreseeable.
///
/// - Returns: The number after `x`.
/// - Throws: `OperationFailure` if `x` is negative.
@inline(never)
func operation(_ x: Int) async throws -> Int {
  guard x >= 0 else { throw OperationFailure() }
  return x &+ 1
}

/// As `operation(_:)`, after suspending once.
@inline(never)
func suspendingOperation(_ x: Int) async throws -> Int {
  await Task.yield()
  guard x >= 0 else { throw OperationFailure() }
  return x &+ 1
}

/// A closure called by a function that does nothing else: the floor for whoever takes a closure.
@inline(never)
func through<T>(_ operation: () async throws -> T) async throws -> T {
  try await operation()
}

/// How an operation fails.
struct OperationFailure: Error {}

/// Where results go, so that no call can be left out as useless.
enum Blackhole {
  private static let last = Atomic<Int>(0)

  static func swallow(_ value: Int) {
    last.store(value, ordering: .relaxed)
  }

  static func swallow(_ object: AnyObject) {
    swallow(Int(bitPattern: ObjectIdentifier(object)))
  }
}
