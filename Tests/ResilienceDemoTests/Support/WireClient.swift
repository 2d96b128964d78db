import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A connection to the loopback interface that sends exact text, and reads until it has seen enough.
///
/// It blocks on a queue of its own. Whatever takes longer than 20 s ends as if the peer had ended.
final class WireClient: Sendable {
  struct Failure: Error {
    let code: Int32
  }

  private static let patience = Duration.seconds(20)

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "wire-client")

  init(_ port: UInt16) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
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
    guard status == 0 else { throw Failure(code: errno) }
  }

  deinit {
    _ = close(descriptor)
  }

  /// Sends a request without a body; the lines have no line ends.
  func send(_ lines: String...) async {
    let bytes = Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
    await onQueue { [descriptor] in
      _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
  }

  /// Reads until the text has a piece in it, or the peer ends.
  ///
  /// - Returns: Everything that came since the last time.
  func read(until piece: String? = nil) async -> String {
    await onQueue { [descriptor] in
      let end = ContinuousClock.now + Self.patience
      var bytes: [UInt8] = []
      while true {
        let more = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
          count = max(0, unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0))
        }
        bytes += more
        let text = String(decoding: bytes, as: UTF8.self)
        if more.isEmpty || ContinuousClock.now > end { return text }
        if let piece, text.contains(piece) { return text }
      }
    }
  }

  private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }
}
