internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One request on its way, from the callbacks of `URLSession` to the one ending that counts.
///
/// Three can end it: the session, the bound on the response, and the caller's cancellation. The
/// first does; what comes later finds no one.
final class Transfer: Sendable {
  enum Ending: Sendable {
    /// The session has ended the request.
    case finished(Result<Answer, any Error>)
    /// We have ended it, and the session may still be busy with it.
    case stopped(any Error)
  }

  private struct State {
    var collector: ResponseCollector
    var isStopped = false
    /// Whether anything shows that a connection was made.
    var hasConnected = false
  }

  private let state: Guarded<State>
  private let ending = Parked<Ending>()

  init(origin: Origin, limit: Int) {
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

  /// Takes the head of a response.
  ///
  /// - Returns: Whether the session is to go on.
  func receive(_ response: URLResponse) -> Bool {
    collect { collector throws(ResponseTooLarge) in try collector.begin(response) }
  }

  /// Takes a piece of the body.
  ///
  /// - Returns: Whether the session is to go on.
  func receive(_ data: Data) -> Bool {
    collect { collector throws(ResponseTooLarge) in try collector.append(data) }
  }

  /// Notes that the server has been sent something, and so may have acted on it.
  func noteSent() {
    state.withLock { $0.hasConnected = true }
  }

  /// Takes the session's last word.
  func complete(_ error: (any Error)?) {
    let (collector, hasConnected) = state.withLock { ($0.collector, $0.hasConnected) }
    let result = Result {
      if let error { throw sessionError(error, hasConnected: hasConnected) }
      return try collector.finish()
    }
    ending.resume(with: .finished(result))
  }

  /// Runs `body`, which must be short, unless the transfer has been stopped.
  ///
  /// A stop that comes meanwhile waits, so that whatever it does next comes after `body`.
  func unlessStopped(_ body: () -> Void) {
    state.withLock { if !$0.isStopped { body() } }
  }

  private func collect(
    _ step: (inout ResponseCollector) throws(ResponseTooLarge) -> Void
  ) -> Bool {
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
