#if canImport(Darwin)
  private import Darwin
#elseif canImport(Musl)
  private import Musl
#else
  private import Glibc
#endif

/// The thread that code runs on, to tell the world's own from all others.
struct ThreadIdentity: Hashable, Sendable {
  /// Not zero.
  let number: UInt

  /// The thread that asks.
  static var current: ThreadIdentity {
    #if canImport(Darwin)
      ThreadIdentity(number: unsafe UInt(bitPattern: pthread_self()))
    #else
      ThreadIdentity(number: UInt(pthread_self()))
    #endif
  }
}
