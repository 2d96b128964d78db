public import Synchronization

/// A value behind a lock.
///
/// It is a `Mutex`. On Linux that one is a futex in a library that the thread sanitizer does not see
/// into, so that the sanitizer takes every guarded access for a race. When built for it, with
/// `THREAD_SANITIZER` defined, an atomic that it does see says what the lock has put in order.
@usableFromInline
package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
  @usableFromInline let mutex: Mutex<Value>

  #if THREAD_SANITIZER
    @usableFromInline let order = Atomic<Bool>(false)
  #endif

  @inlinable
  package init(_ value: consuming sending Value) {
    mutex = Mutex(value)
  }

  /// Runs `body` with the lock held.
  @inlinable
  package borrowing func withLock<R: ~Copyable, E: Error>(
    _ body: (inout sending Value) throws(E) -> sending R
  ) throws(E) -> sending R {
    #if THREAD_SANITIZER
      try mutex.withLock { value throws(E) in
        _ = order.load(ordering: .acquiring)
        defer { order.store(true, ordering: .releasing) }
        return try body(&value)
      }
    #else
      try mutex.withLock(body)
    #endif
  }
}
