internal import Foundation

#if canImport(FoundationNetworking)
  internal import Dispatch
  internal import FoundationNetworking
#endif

#if canImport(FoundationNetworking)
  /// Holds a session back by suspending the queue on which it reads from its connections.
  ///
  /// To suspend the task is no way here: the session takes the transfer off libcurl then, which gives
  /// the connection up, and begins anew when the task is resumed. To block its thread is none either:
  /// all sessions of the process share one. The queue has no public name, so it is looked up by
  /// reflection, once for each session. Where it is not found, nothing is held back, and what waits
  /// in memory is bounded by ``BodyQueue`` all the same, which gives up.
  ///
  /// As a whole session is held back, a body has one to itself, see ``Lanes``. Suspending and resuming
  /// are one atomic operation each and call nobody, so they may be done under a lock. A queue must not
  /// be released while it is suspended: whoever holds back lets go.
  struct BodyFlow: Sendable {
    private let queue: DispatchQueue?

    init(of session: URLSession) {
      queue = Mirror(reflecting: session).descendant("multiHandle", "queue") as? DispatchQueue
    }

    /// Whether a session can be held back.
    var canHold: Bool { queue != nil }

    /// Holds back, when the present piece has been received; once until ``release()``.
    func hold() { queue?.suspend() }

    /// Lets go.
    func release() { queue?.resume() }
  }
#else
  /// Holds the session of one body back by suspending its task, which only passes the word on.
  struct BodyFlow: Sendable {
    private let task: URLSessionTask

    init(of task: URLSessionTask) {
      self.task = task
    }

    /// Holds back; once until ``release()``.
    func hold() { task.suspend() }

    /// Lets go.
    func release() { task.resume() }
  }
#endif
