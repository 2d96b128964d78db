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
    guard let length = UInt32(exactly: payload.count) else {
      preconditionFailure("need a payload of fewer than 2³² bytes, not \(payload.count)")
    }
    var bytes = Data([flags])
    bytes.reserveCapacity(Self.headBytes + payload.count)
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
    bytes.append(payload)
    return bytes
  }
}

/// Takes bytes as they come, and gives frames as they are complete; never holds a frame that is
/// longer than it may be, nor bytes that have been read for long.
struct FrameReader: Sendable {
  /// What may have been read and is not let go of yet, in bytes.
  static let slack = 64 * 1_024

  private let bounds: FrameBounds
  private var bytes: [UInt8] = []
  /// Where the bytes begin that have not been read.
  private var start = 0

  /// Creates a reader without a byte.
  ///
  /// - Parameter bounds: The most bytes that payloads may have.
  init(_ bounds: FrameBounds) {
    self.bounds = bounds
  }

  /// Creates a reader of frames that all have the same bound.
  ///
  /// - Parameter limit: The most bytes that a payload may have.
  init(limit: Int) {
    self.init(FrameBounds(message: limit, end: limit, endFlag: 0))
  }

  /// Whether no frame is incomplete.
  var isAtBoundary: Bool { start == bytes.count }

  /// How many bytes are held, those included that have been read.
  var heldBytes: Int { bytes.count }

  mutating func append(_ piece: Data) {
    bytes.append(contentsOf: piece)
  }

  /// The next frame; `nil` if it is not complete yet.
  ///
  /// - Throws: ``RPCFault/responseTooLarge(limit:)`` as soon as the length is known.
  /// - Complexity: O(n) in the bytes of the frame; letting go of bytes is amortised.
  mutating func next() throws(RPCFault) -> Frame? {
    guard bytes.count - start >= Frame.headBytes else { return nil }
    let body = start + Frame.headBytes
    let flags = bytes[start]
    let length = bytes[(start + 1)..<body].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let limit = bounds.limit(of: flags)
    guard let count = Int(exactly: length), count <= limit else {
      throw .responseTooLarge(limit: limit)
    }
    guard bytes.count - body >= count else { return nil }
    let payload = Data(bytes[body..<(body + count)])
    start = body + count
    letGo()
    return Frame(flags: flags, payload: payload)
  }

  /// Lets go of what has been read, once it is all there is or more than half of it.
  private mutating func letGo() {
    if isAtBoundary {
      bytes.removeAll(keepingCapacity: bytes.capacity <= Self.slack)
      start = 0
    } else if start >= Self.slack, start >= bytes.count - start {
      bytes.removeFirst(start)
      start = 0
    }
  }
}

/// The most bytes that the payloads of frames may have: that of a message, and that of the end.
struct FrameBounds: Hashable, Sendable {
  let message: Int
  let end: Int
  /// The bit of the flags that marks the end.
  let endFlag: UInt8

  func limit(of flags: UInt8) -> Int { flags & endFlag == 0 ? message : end }
}
