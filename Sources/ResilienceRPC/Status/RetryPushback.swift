/// What a server said about retrying, in the metadata `grpc-retry-pushback-ms`.
///
/// ## Source
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md), section “Pushback”.
public enum RetryPushback: Hashable, Sendable {
  /// The name of the metadata.
  public static let metadataName = "grpc-retry-pushback-ms"

  /// The server said nothing.
  case unsaid

  /// Not before the given time has passed.
  case after(Duration)

  /// Not at all: the value was negative, or none that can be read.
  case never

  /// Reads the value of the metadata: milliseconds as a signed integer of 32 bits without
  /// unnecessary zeros; whatever is not one asks not to retry.
  ///
  /// - Parameter value: The value; `nil` if there was none.
  public init(_ value: String?) {
    guard let value else {
      self = .unsaid
      return
    }
    guard let milliseconds = Int32(value), milliseconds >= 0, "\(milliseconds)" == value else {
      self = .never
      return
    }
    self = .after(.milliseconds(Int64(milliseconds)))
  }
}
