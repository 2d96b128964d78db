/// What the client found wrong with a call, before it was sent or in what came back.
public enum RPCFault: Error, Sendable {
  /// The deadline of the task had passed before anything was sent.
  case deadlinePassed

  /// A name or a value of the metadata may not stand in a header field, or the name is reserved.
  case invalidMetadata(name: String)

  /// The request could not be encoded.
  case notEncodable(any Error)

  /// The request is longer than the client allows.
  case requestTooLarge(bytes: Int, limit: Int)

  /// A message is longer than the client allows, or the whole response is.
  case responseTooLarge(limit: Int)

  /// The response could not be decoded.
  case notDecodable(any Error)

  /// The response says that it is something else.
  case unexpectedContentType(String)

  /// A message is compressed although the client accepts none that is.
  case compressedMessage

  /// A frame has flags that mean nothing, or stands where it may not.
  case invalidFrame(flags: UInt8)

  /// The response ended within a frame, or without saying how the call ended.
  case truncatedResponse

  /// The response has this number of messages instead of one.
  case messageCount(Int)

  /// The end of the stream, or its status, cannot be read.
  case invalidEnd
}

extension RPCFault {
  /// The code that stands for the fault.
  var code: RPCCode {
    switch self {
    case .deadlinePassed: .deadlineExceeded
    case .invalidMetadata: .invalidArgument
    case .requestTooLarge, .responseTooLarge: .resourceExhausted
    case .unexpectedContentType: .unknown
    case .messageCount: .unimplemented
    case .truncatedResponse: .unavailable
    case .notEncodable, .notDecodable, .compressedMessage, .invalidFrame, .invalidEnd: .internal
    }
  }
}

extension RPCFault: CustomStringConvertible {
  /// The fault in a few words.
  public var description: String {
    switch self {
    case .deadlinePassed: "the deadline had passed before the call"
    case .invalidMetadata(let name): "the metadata “\(name)” cannot be sent"
    case .notEncodable(let error): "the request cannot be encoded: \(error)"
    case .requestTooLarge(let bytes, let limit):
      "the request has \(bytes) bytes, and may have \(limit)"
    case .responseTooLarge(let limit): "the response is longer than \(limit) bytes"
    case .notDecodable(let error): "the response cannot be decoded: \(error)"
    case .unexpectedContentType(let type): "the response is “\(type)”"
    case .compressedMessage: "a message is compressed, which was not offered"
    case .invalidFrame(let flags): "a frame with the flags \(flags) stands where it may not"
    case .truncatedResponse: "the response ends too early"
    case .messageCount(let count): "the response has \(count) messages instead of one"
    case .invalidEnd: "the end of the response cannot be read"
    }
  }
}
