internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What hears of one request from the session that carries it out.
///
/// It is called by one thread at a time, in the order of what happens.
protocol Transferring: AnyObject, Sendable {
  /// The request.
  var hop: Hop { get }

  /// Takes the head of a response.
  ///
  /// - Returns: Whether the session is to go on.
  func receive(_ response: URLResponse) -> Bool

  /// Takes a piece of the body.
  ///
  /// - Returns: Whether the session is to go on.
  func receive(_ data: Data) -> Bool

  /// Takes the session's last word.
  func complete(_ error: (any Error)?)

  /// Notes that the server has been sent something, and so may have acted on it.
  func noteSent()

  /// Notes where the response sends the request next.
  func move(to next: Hop)

  /// Ends the transfer from our side, without touching the session.
  func stop(_ error: any Error)

  /// Runs `body`, which must be short, unless the transfer has been stopped.
  ///
  /// A stop that comes meanwhile waits, so that whatever it does next comes after `body`.
  func unlessStopped(_ body: () -> Void)
}
