internal import Foundation

/// A call as a protocol is to put it on the wire.
struct WireCall: Sendable {
  let method: RPCMethodName
  let idempotency: RPCIdempotency
  let format: RPCFormat
  let message: Data
  let metadata: RPCMetadata
  /// What is left until the deadline; `nil` without one.
  let left: Duration?
  /// How many attempts were made before this one.
  let previousAttempts: Int
  /// Whether the answer is a stream of messages.
  let isStream: Bool
  /// Whether a call without side effects is to be a GET.
  let usesGET: Bool
}

/// The beginning of a response, as HTTP has it.
struct WireHead: Sendable {
  let status: Int
  let fields: RPCMetadata

  /// The content type in lower case and without its parameters.
  var contentType: String {
    let type = (fields["content-type"] ?? "").prefix { $0 != ";" }
    return type.trimmingCharacters(in: .whitespaces).lowercased()
  }
}

/// How a call that reached its end came to it.
struct WireEnd: Sendable {
  /// `nil` for a success.
  let failure: WireFailure?
  let trailers: RPCMetadata
}

/// What a server says of a call that failed.
struct WireFailure: Error, Sendable {
  let code: RPCCode
  let message: String
  let details: [RPCDetail]
  var origin = RPCStatus.Origin.server
}

/// What became of one frame of a stream.
enum WireEvent: Sendable {
  case message(Data)
  case end(WireEnd)
}
