#if canImport(FoundationNetworking)
  internal import Resilience
  internal import Foundation
  internal import FoundationNetworking

  /// A session beside the user's, with the same configuration and a delegate of ours.
  ///
  /// The session of swift-corelibs-foundation has a `delegate` on its tasks and does not call it
  /// ([issue 5187](https://github.com/swiftlang/swift-corelibs-foundation/issues/5187)), so a
  /// session needs a companion to have its transfers watched. There is one for each session of the
  /// user's, so that connections are kept; caches, cookies and credentials are shared.
  final class CompanionChannel: Channel, Sendable {
    private let session: URLSession
    private let relay: SessionRelay

    init(of session: URLSession) {
      relay = SessionRelay(owner: session)
      // A session here hands out its own configuration, not a copy.
      let configuration = session.configuration.copy() as? URLSessionConfiguration ?? .default
      // Nothing of HTTP is ever put into it, and to ask it delays the second step of a cancellation
      // beyond what `cancelOnDelegateQueue()` can wait for.
      configuration.urlCache = nil
      self.session = URLSession(
        configuration: configuration,
        delegate: relay,
        delegateQueue: nil
      )
    }

    deinit {
      session.finishTasksAndInvalidate()
    }

    func task(for request: URLRequest, of transfer: Transfer) -> URLSessionDataTask {
      let task = session.dataTask(with: request)
      relay.add(transfer, for: task)
      return task
    }

    func cancel(_ task: URLSessionDataTask) {
      session.delegateQueue.addOperation { task.cancelOnDelegateQueue() }
    }

    func forget(_ task: URLSessionDataTask) {
      relay.remove(task)
    }
  }

  extension URLSession {
    /// What carries out requests for this session.
    var channel: CompanionChannel { Companions.shared.channel(of: self) }
  }

  /// The companions of all sessions in use.
  final class Companions: Sendable {
    static let shared = Companions()

    private struct Entry {
      weak var session: URLSession?
      let channel: CompanionChannel
    }

    private let entries = Guarded<[ObjectIdentifier: Entry]>([:])

    /// The number of companions; those of sessions that are gone leave when the next one comes.
    var count: Int { entries.withLock { $0.count } }

    /// The companion of a session, made at its first use.
    ///
    /// - Complexity: O(1); O(n) in the number of sessions for a new one.
    func channel(of session: URLSession) -> CompanionChannel {
      let id = ObjectIdentifier(session)
      return entries.withLock { entries in
        // A new session may have the address of one that is gone.
        if let entry = entries[id], entry.session === session { return entry.channel }
        entries = entries.filter { $0.value.session != nil }
        let channel = CompanionChannel(of: session)
        entries[id] = Entry(session: session, channel: channel)
        return channel
      }
    }
  }
#endif
