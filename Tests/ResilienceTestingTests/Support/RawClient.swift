import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A client that sends exact bytes and sees how exactly a connection ends.
///
/// It blocks on a queue of its own, never on a thread of the concurrency pool. Whatever takes longer
/// than 60 s ends as a timeout.
final class RawClient: Sendable {
  enum Ending: Equatable {
    case end
    case reset
    case timeout
  }

  struct Failure: Error, Equatable {
    let code: Int32
  }

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "raw-client")

  init(_ port: UInt16) throws(Failure) {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    #if canImport(Darwin)
      var yes: Int32 = 1
      _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, 4)
    #endif
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, length)
      }
    }
    // `deinit` closes the descriptor in this case too.
    guard status == 0 else { throw Failure(code: errno) }
  }

  deinit {
    _ = close(descriptor)
  }

  /// Sends everything, or what fits until the server has gone.
  func send(_ text: String) async {
    let bytes = Array(text.utf8)
    await onQueue {
      var rest = bytes[...]
      while !rest.isEmpty {
        let sent = unsafe rest.withUnsafeBytes {
          unsafe Self.send(self.descriptor, $0.baseAddress, $0.count)
        }
        guard sent > 0 else { return }
        rest = rest.dropFirst(sent)
      }
    }
  }

  /// Announces that nothing more will be sent.
  func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Reads until the connection ends.
  func receiveAll() async -> (text: String, ending: Ending) {
    await onQueue {
      var bytes: [UInt8] = []
      while true {
        switch self.receive(upTo: 16_384) {
        case .success(let piece): bytes += piece
        case .failure(let ending): return (String(decoding: bytes, as: UTF8.self), ending)
        }
      }
    }
  }

  /// Reads one response with a `Content-Length`, or as much as there is of it.
  func response(hasBody: Bool = true) async -> RawResponse {
    await onQueue {
      var head: [UInt8] = []
      while !head.suffix(4).elementsEqual("\r\n\r\n".utf8), let byte = self.one() {
        head.append(byte)
      }
      var response = RawResponse(head: String(decoding: head, as: UTF8.self))
      var missing = hasBody ? Int(response.header("Content-Length") ?? "") ?? 0 : 0
      var body: [UInt8] = []
      while missing > 0, case .success(let piece) = self.receive(upTo: missing) {
        body += piece
        missing -= piece.count
      }
      response.body = String(decoding: body, as: UTF8.self)
      return response
    }
  }

  private func one() -> UInt8? {
    if case .success(let bytes) = receive(upTo: 1) { bytes.first } else { nil }
  }

  /// A send that does not end the process when the peer has gone.
  private static func send(
    _ descriptor: Int32,
    _ bytes: UnsafeRawPointer?,
    _ count: Int
  ) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.send(descriptor, bytes, count, 0)
    #elseif canImport(Musl)
      unsafe Musl.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    #else
      unsafe Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
    #endif
  }

  private enum Piece {
    case success([UInt8])
    case failure(Ending)
  }

  private func receive(upTo limit: Int) -> Piece {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let received = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
      code = received < 0 ? errno : 0
      count = max(0, received)
    }
    guard bytes.isEmpty else { return .success(bytes) }
    return switch code {
    case 0: .failure(.end)
    case ECONNRESET, EPIPE: .failure(.reset)
    default: .failure(.timeout)
    }
  }

  private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }
}

/// A response as it stood on the wire.
struct RawResponse: Sendable {
  let head: String
  var body = ""

  var status: Int? {
    head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  func header(_ name: String) -> String? {
    head.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }
}
