#if canImport(Darwin)
  private import Darwin
#elseif canImport(Musl)
  private import Musl
#else
  private import Glibc
#endif

/// The thread that code runs on, to tell it from all others.
package struct ThreadIdentity: Hashable, Sendable {
  /// Not zero.
  package let number: UInt

  /// The thread that asks.
  package static var current: ThreadIdentity {
    #if canImport(Darwin)
      ThreadIdentity(number: unsafe UInt(bitPattern: pthread_self()))
    #else
      ThreadIdentity(number: UInt(pthread_self()))
    #endif
  }
}
