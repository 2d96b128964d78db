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

  /// The most bytes that the end of a response may have: its status and its trailers.
  static let endBytes = 64 * 1_024

  /// The most bytes that a whole response of one message may have, with its end and two frames.
  var unaryBytes: Int {
    let (sum, isTooLarge) = responseBytes.addingReportingOverflow(
      Self.endBytes + 2 * Frame.headBytes
    )
    return isTooLarge ? .max : sum
  }

  /// The bounds of the frames of a response.
  func frameBounds(endFlag: UInt8) -> FrameBounds {
    FrameBounds(message: responseBytes, end: Self.endBytes, endFlag: endFlag)
  }

  func check() {
    precondition(requestBytes >= 0, "need requestBytes (\(requestBytes)) >= 0")
    let most = Int(clamping: UInt32.max)
    precondition(requestBytes <= most, "need requestBytes (\(requestBytes)) <= \(most)")
    precondition(responseBytes >= 0, "need responseBytes (\(responseBytes)) >= 0")
    precondition(streamBytes >= 0, "need streamBytes (\(streamBytes)) >= 0")
    precondition(responseBytes <= most, "need responseBytes (\(responseBytes)) <= \(most)")
  }
}
