internal import Foundation

/// A message with five bytes before it: flags, and the length as 32 bits, the highest first.
///
/// Connect's streams and gRPC-Web frame messages alike; they differ in what the flags mean.
///
/// ## Source
/// [Connect, Streaming-Request](https://connectrpc.com/docs/protocol/#streaming-request);
/// [gRPC-Web](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md).
struct Frame: Equatable, Sendable {
  static let headBytes = 5

  let flags: UInt8
  let payload: Data

  init(flags: UInt8 = 0, payload: Data) {
    self.flags = flags
    self.payload = payload
  }

  /// The frame as it stands on the wire.
  ///
  /// - Precondition: The payload has fewer than 2³² bytes.
  var bytes: Data {
    var bytes = Data([flags])
    let length = UInt32(payload.count)
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
    bytes.append(payload)
    return bytes
  }
}

/// Takes bytes as they come, and gives frames as they are complete; never holds a frame that is
/// longer than it may be.
struct FrameReader: Sendable {
  private let limit: Int
  private var pending = Data()

  /// Creates a reader without a byte.
  ///
  /// - Parameter limit: The most bytes that a payload may have.
  init(limit: Int) {
    self.limit = limit
  }

  /// Whether no frame is incomplete.
  var isAtBoundary: Bool { pending.isEmpty }

  mutating func append(_ bytes: Data) {
    pending.append(bytes)
  }

  /// The next frame; `nil` if it is not complete yet.
  ///
  /// - Throws: ``RPCFault/responseTooLarge(limit:)`` as soon as the length is known.
  mutating func next() throws(RPCFault) -> Frame? {
    guard pending.count >= Frame.headBytes else { return nil }
    let head = pending.prefix(Frame.headBytes)
    let length = head.dropFirst().reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else { throw .responseTooLarge(limit: limit) }
    guard pending.count >= Frame.headBytes + length else { return nil }
    let flags = pending[pending.startIndex]
    let payload = Data(pending.dropFirst(Frame.headBytes).prefix(length))
    pending = pending.dropFirst(Frame.headBytes + length)
    if pending.isEmpty { pending = Data() }
    return Frame(flags: flags, payload: payload)
  }
}
