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
  final class CompanionChannel: Channel {
    private let session: URLSession
    private let relay: SessionRelay
    /// `nil` for one that is itself a lane.
    private let lanes: Lanes?

    /// What holds all transfers back; for a lane, which has one.
    let flow: BodyFlow

    convenience init(of session: URLSession) {
      self.init(of: session, lanes: Lanes(of: session))
    }

    init(of session: URLSession, lanes: Lanes?) {
      relay = SessionRelay(owner: session)
      self.lanes = lanes
      // A session here hands out its own configuration, not a copy.
      let configuration = session.configuration.copy() as? URLSessionConfiguration ?? .default
      // Nothing of HTTP is ever put into it, and to ask it takes time.
      configuration.urlCache = nil
      self.session = URLSession(
        configuration: configuration,
        delegate: relay,
        delegateQueue: InlineQueue()
      )
      flow = BodyFlow(of: self.session)
      relay.begin(flow)
    }

    deinit {
      session.finishTasksAndInvalidate()
    }

    /// The longest silence of a peer, unless a request says otherwise, in seconds.
    var timeout: TimeInterval { session.configuration.timeoutIntervalForRequest }

    func task(of transfer: some Transferring) throws -> URLSessionDataTask {
      try task(of: transfer, timeout: nil)
    }

    /// Makes the task of a transfer, with a timeout that replaces the request's.
    func task(
      of transfer: some Transferring,
      timeout: TimeInterval?
    ) throws -> URLSessionDataTask {
      var hop = transfer.hop
      if let timeout { hop.request.timeoutInterval = timeout }
      let task = try session.dataTask(for: hop)
      relay.add(transfer, for: task)
      return task
    }

    func cancel(_ task: URLSessionDataTask) { relay.cancel(task) }

    func forget(_ task: URLSessionDataTask) {
      relay.remove(task)
    }

    /// A session for one body that is read while it arrives.
    func lane() -> Lane { (lanes ?? Lanes(of: session)).take() }

    /// Number of lanes that wait for a body.
    var idleLanes: Int { lanes?.idle ?? 0 }
  }

  extension URLSession {
    /// What carries out requests for this session.
    var channel: CompanionChannel { Companions.shared.channel(of: self) }

    /// What carries out a request whose response is read while it arrives.
    var streamingChannel: Lane { channel.lane() }
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
