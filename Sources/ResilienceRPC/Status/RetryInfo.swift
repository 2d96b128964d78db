internal import Foundation

/// The detail `google.rpc.RetryInfo`: when the server wants to be asked again.
///
/// ## Source
/// [error_details.proto](https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto).
struct RetryInfo: Codable, RPCMessage {
  struct Delay: Codable {
    enum CodingKeys: Int, CodingKey { case seconds = 1, nanos = 2 }

    var seconds: Int64
    var nanos: Int32
  }

  enum CodingKeys: Int, CodingKey { case retryDelay = 1 }

  var retryDelay: Delay?

  /// Reads a detail; `nil` if it is another, or cannot be read.
  init?(detail: RPCDetail) {
    guard detail.type == "google.rpc.RetryInfo", let info = try? detail.decode(Self.self) else {
      return nil
    }
    self = info
  }

  /// What it asks for; `nil` if that is no time.
  ///
  /// The range is that of `google.protobuf.Duration`: ten thousand years.
  var pushback: RetryPushback? {
    guard let retryDelay, (0...315_576_000_000).contains(retryDelay.seconds),
      (0...999_999_999).contains(retryDelay.nanos)
    else { return nil }
    return .after(.seconds(retryDelay.seconds) + .nanoseconds(Int64(retryDelay.nanos)))
  }
}
