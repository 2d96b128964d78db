#if canImport(FoundationNetworking)
  internal import Foundation

  /// A delegate queue that runs what it is given at once, on the thread that gives it.
  ///
  /// The session of swift-corelibs-foundation gives every piece of a response to its delegate queue
  /// and reads on, whether the queue keeps up or not: a body that inflates to gigabytes is in memory
  /// before a delegate can object. Run on the session's own thread, a delegate sees each piece before
  /// the next one is read, and no thread is changed on the way.
  ///
  /// A delegate on this queue must be quick, for all sessions of the process share the thread, and it
  /// must not call what waits for it, such as `cancel()`, `suspend()`, `resume()` and `priority` of a
  /// task.
  final class InlineQueue: OperationQueue, @unchecked Sendable {
    override func addOperation(_ block: @escaping @Sendable () -> Void) { block() }
  }
#endif
