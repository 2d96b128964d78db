/// One request as the server saw it, and what became of it.
public struct ServerExchange: Sendable, Equatable {
  /// What became of a request.
  public enum Outcome: Sendable, Equatable {
    /// The answer is not decided yet.
    case pending
    /// A handler or the server itself answered with this status.
    case status(Int)
    /// A terminal fault hit the request.
    case fault(ServerFault)
    /// The client went away, or the server stopped, before the answer was decided.
    case abandoned
  }

  /// Number of the request since the server's start; the first one is 1.
  public let number: Int

  /// The method.
  public let method: ServerRequest.Method

  /// The path, percent-encoded, without the query.
  public let path: String

  /// The header fields of the request.
  public let headers: ServerHeaders

  /// When the request was complete.
  public let start: ContinuousClock.Instant

  /// What became of it.
  public internal(set) var outcome = Outcome.pending
}
