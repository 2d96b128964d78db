internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One request on its way, from the callbacks of `URLSession` to the one ending that counts.
///
/// Three can end it: the session, the bound on the response, and the caller's cancellation. The
/// first does; what comes later finds no one.
final class Transfer: Transferring {
  enum Ending: Sendable {
    /// The session has ended the request.
    case finished(Result<Answer, any Error>)
    /// The session has ended the request, and the call goes on elsewhere.
    case moved(Hop)
    /// We have ended it, and the session may still be busy with it.
    case stopped(any Error)
  }

  private struct State {
    var collector: ResponseCollector
    var next: Hop?
    var isStopped = false
    /// Whether anything shows that a connection was made.
    var hasConnected = false
  }

  let hop: Hop
  private let state: Guarded<State>
  private let ending = Parked<Ending>()

  init(_ hop: Hop, origin: Origin, limit: Int) {
    self.hop = hop
    state = Guarded(State(collector: ResponseCollector(origin: origin, limit: limit)))
  }

  /// Waits for the ending; only one task may, once.
  func wait() async -> Ending { await ending.wait() }

  /// Ends the transfer from our side.
  ///
  /// This does not touch the session: it is called from cancellation handlers, which run under a
  /// lock of the task that the session's own queue may be waiting for.
  func stop(_ error: any Error) {
    state.withLock { $0.isStopped = true }
    ending.resume(with: .stopped(error))
  }

  func receive(_ response: URLResponse) -> Bool {
    collect { collector in try collector.begin(response) }
  }

  func receive(_ data: Data) -> Bool {
    collect { collector in try collector.append(data) }
  }

  func noteSent() {
    state.withLock { $0.hasConnected = true }
  }

  func move(to next: Hop) {
    state.withLock { $0.next = next }
  }

  func complete(_ error: (any Error)?) {
    let (collector, hasConnected, next) = state.withLock { state in
      (state.collector, state.hasConnected, state.next)
    }
    if let next, error == nil {
      ending.resume(with: .moved(next))
      return
    }
    let result = Result {
      if let error { throw sessionError(error, hasConnected: hasConnected) }
      return try collector.finish()
    }
    ending.resume(with: .finished(result))
  }

  func unlessStopped(_ body: () -> Void) {
    state.withLock { if !$0.isStopped { body() } }
  }

  private func collect(_ step: (inout ResponseCollector) throws -> Void) -> Bool {
    let failure: (any Error)? = state.withLock { state in
      guard !state.isStopped else { return CancellationError() }
      state.hasConnected = true
      do {
        try step(&state.collector)
        return nil
      } catch {
        return error
      }
    }
    guard let failure else { return true }
    stop(failure)
    return false
  }
}
