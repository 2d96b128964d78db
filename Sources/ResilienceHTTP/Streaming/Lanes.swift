#if canImport(FoundationNetworking)
  internal import Foundation
  internal import FoundationNetworking
  internal import Resilience

  /// The sessions that carry one body each, and are used again with their connections.
  ///
  /// A body that nobody reads holds its session back, and with it all that the session does, so
  /// bodies that are read while they arrive do not share one.
  final class Lanes: Sendable {
    /// Sessions that are kept without a body to carry.
    static let mostIdle = 8

    private struct State {
      /// Weak, as in its relay.
      weak var owner: URLSession?
      var idle: [CompanionChannel] = []
    }

    private let state: Guarded<State>

    init(of session: URLSession) {
      state = Guarded(State(owner: session))
    }

    /// Number of sessions that wait for a body.
    var idle: Int { state.withLock { $0.idle.count } }

    /// A session that carries nothing else, the one last used if there is one.
    func take() -> Lane {
      let (channel, owner) = state.withLock { ($0.idle.popLast(), $0.owner) }
      let used = channel ?? CompanionChannel(of: owner ?? .shared, lanes: nil)
      return Lane(channel: used, lanes: self)
    }

    fileprivate func give(_ channel: CompanionChannel) {
      state.withLock { state in
        guard state.owner != nil, state.idle.count < Self.mostIdle else { return }
        state.idle.append(channel)
      }
    }
  }

  /// A session while it carries one body.
  struct Lane: Sendable {
    let channel: CompanionChannel

    func flow(of task: URLSessionTask) -> BodyFlow { channel.flow }

    func task(of transfer: StreamedTransfer) throws -> URLSessionDataTask {
      try channel.task(of: transfer, timeout: Self.noTimeout)
    }

    /// The longest silence of the peer, as the request says it or else the session.
    func silenceLimit(of request: URLRequest) -> Duration? {
      let unset = URLRequest.defaultTimeout
      let seconds = request.timeoutInterval == unset ? channel.timeout : request.timeoutInterval
      return .seconds(min(max(seconds, 0), Self.noTimeout))
    }

    /// For the session's own timer, see ``SilenceWatch``: 30 years.
    private static let noTimeout: TimeInterval = 1e9

    private let lanes: Lanes

    fileprivate init(channel: CompanionChannel, lanes: Lanes) {
      self.channel = channel
      self.lanes = lanes
    }

    /// Gives the session back, when it has said its last word on the body.
    func giveBack() { lanes.give(channel) }
  }

  extension URLRequest {
    /// The timeout of a request that says nothing about it, in seconds.
    fileprivate static let defaultTimeout = URLRequest(url: URL(filePath: "/")).timeoutInterval
  }
#endif
