/// The bounds of what a client sends and receives.
public struct RPCLimits: Hashable, Sendable {
  /// How long a stream may be read unless a call says otherwise: a minute.
  public static let defaultStreamTime = Duration.seconds(60)

  /// The most bytes that a message of a request may have.
  public var requestBytes = 4 * 1_024 * 1_024

  /// The most bytes that a message of a response may have, after any decompression.
  public var responseBytes = 4 * 1_024 * 1_024

  /// The most bytes that a whole stream of messages may have: 1 GiB.
  public var streamBytes = 1_024 * 1_024 * 1_024

  /// Creates the default limits: 4 MiB for a message, each way, as gRPC has it.
  public init() {}

  /// The most bytes of the end of a response, and of what is around its messages.
  static let endBytes = 64 * 1_024

  func check() {
    precondition(requestBytes >= 0, "need requestBytes (\(requestBytes)) >= 0")
    let most = Int(UInt32.max)
    precondition(requestBytes <= most, "need requestBytes (\(requestBytes)) <= \(most)")
    precondition(responseBytes >= 0, "need responseBytes (\(responseBytes)) >= 0")
    precondition(streamBytes >= 0, "need streamBytes (\(streamBytes)) >= 0")
    precondition(responseBytes <= most, "need responseBytes (\(responseBytes)) <= \(most)")
  }
}
