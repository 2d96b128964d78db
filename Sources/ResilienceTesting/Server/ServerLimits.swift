/// The bounds of what a server accepts and keeps.
///
/// Whoever passes one gets the answer named here, and the connection is closed.
public struct ServerLimits: Sendable, Equatable {
  /// Longest request line, in bytes without its line end; beyond it, 414.
  public var requestLineBytes = 8 * 1_024

  /// Longest header section, in bytes with its line ends; beyond it, 431.
  ///
  /// Trailers have the same limit.
  public var headerBytes = 16 * 1_024

  /// Largest number of header fields; beyond it, 431.
  public var headerFields = 100

  /// Longest body, in bytes after decoding; beyond it, 413.
  public var bodyBytes = 1_024 * 1_024

  /// How long a connection may stand still, between requests and inside one; beyond it, closed.
  ///
  /// The server looks around at least four times in that span: a connection may live a quarter
  /// longer.
  public var idleTime = Duration.seconds(60)

  /// Largest number of connections at a time; beyond it, closed without an answer.
  public var connections = 1_024

  /// Largest number of exchanges in the log; beyond it the oldest leave.
  public var loggedExchanges = 1_000

  /// Creates the default limits.
  public init() {}

  func check() {
    precondition(requestLineBytes >= 16, "need requestLineBytes (\(requestLineBytes)) >= 16")
    precondition(headerBytes >= 16, "need headerBytes (\(headerBytes)) >= 16")
    precondition(headerFields >= 1, "need headerFields (\(headerFields)) >= 1")
    precondition(bodyBytes >= 0, "need bodyBytes (\(bodyBytes)) >= 0")
    precondition(idleTime >= .milliseconds(1), "need idleTime (\(idleTime)) >= 1 ms")
    precondition(connections >= 1, "need connections (\(connections)) >= 1")
    precondition(loggedExchanges >= 1, "need loggedExchanges (\(loggedExchanges)) >= 1")
  }
}
