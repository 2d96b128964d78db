#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A TCP socket on the loopback interface that never blocks.
///
/// This file is the only one that talks to the C library, and the only one with pointers: each is
/// valid for the call it is passed to, and none is kept.
struct Socket: Sendable {
  /// What a read came to.
  enum Received: Equatable {
    case bytes([UInt8])
    case nothingYet
    case end
    case failed
  }

  /// What an accept came to.
  enum Accepted {
    case socket(Socket)
    case nothingYet
    /// The client went away first.
    case aborted
    /// The process or the system has no descriptor or memory left.
    case exhausted
  }

  let descriptor: Int32

  /// A socket bound to a port, 0 for any free one, that does not listen yet.
  init(boundTo port: UInt16) throws(ListenFailed) {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    #elseif canImport(Musl)
      let kind = SOCK_STREAM | SOCK_CLOEXEC
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw ListenFailed(port: port, call: "socket", code: errno) }
    configure()
    set(SO_REUSEADDR, level: SOL_SOCKET, to: 1)
    var address = sockaddr_in.loopback(port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, length)
      }
    }
    guard status == 0 else {
      let code = errno
      close()
      throw ListenFailed(port: port, call: "bind", code: code)
    }
  }

  private init(accepted descriptor: Int32) {
    self.descriptor = descriptor
    configure()
    set(Int32(TCP_NODELAY), level: Int32(IPPROTO_TCP), to: 1)
  }

  /// The port that the socket is bound to, or 0 if it is not.
  var port: UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &length)
      }
    }
    return status == 0 ? UInt16(bigEndian: address.sin_port) : 0
  }

  func startListening() throws(ListenFailed) {
    guard listen(descriptor, SOMAXCONN) == 0 else {
      throw ListenFailed(port: port, call: "listen", code: errno)
    }
  }

  func accept() -> Accepted {
    #if canImport(Darwin)
      let accepted = Darwin.accept(descriptor, nil, nil)
    #elseif canImport(Musl)
      let accepted = Musl.accept(descriptor, nil, nil)
    #else
      let accepted = Glibc.accept(descriptor, nil, nil)
    #endif
    guard accepted < 0 else { return .socket(Socket(accepted: accepted)) }
    return switch errno {
    case EAGAIN, EWOULDBLOCK: .nothingYet
    case ECONNABORTED, EINTR: .aborted
    default: .exhausted
    }
  }

  func receive(upTo limit: Int) -> Received {
    var code: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let received = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
      code = received < 0 ? errno : 0
      count = max(0, received)
    }
    return switch code {
    case 0: bytes.isEmpty ? .end : .bytes(bytes)
    case EAGAIN, EWOULDBLOCK, EINTR: .nothingYet
    default: .failed
    }
  }

  /// Hands bytes to the system; returns how many it took, or nil if the connection is gone.
  func send(_ bytes: ArraySlice<UInt8>) -> Int? {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    let sent = unsafe bytes.withUnsafeBytes { buffer in
      #if canImport(Darwin)
        unsafe Darwin.send(descriptor, buffer.baseAddress, buffer.count, flags)
      #elseif canImport(Musl)
        unsafe Musl.send(descriptor, buffer.baseAddress, buffer.count, flags)
      #else
        unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags)
      #endif
    }
    guard sent < 0 else { return sent }
    return [EAGAIN, EWOULDBLOCK, EINTR, ENOBUFS].contains(errno) ? 0 : nil
  }

  /// Tells the peer that nothing more will come.
  func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Ends the connection or the listening at once.
  ///
  /// `close()` alone would wait for a child process that has not yet reached its `exec` and holds
  /// a copy of the descriptor until then.
  func end() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Makes `close()` break the connection off with a reset.
  func resetOnClose() {
    var lingering = linger(l_onoff: 1, l_linger: 0)
    let length = socklen_t(MemoryLayout<linger>.size)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, length)
  }

  func close() {
    #if canImport(Darwin)
      _ = Darwin.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Glibc.close(descriptor)
    #endif
  }

  private func configure() {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      set(SO_NOSIGPIPE, level: SOL_SOCKET, to: 1)
    #endif
  }

  private func set(_ option: Int32, level: Int32, to value: Int32) {
    var value = value
    let length = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe setsockopt(descriptor, level, option, &value, length)
  }
}

extension sockaddr_in {
  fileprivate static func loopback(_ port: UInt16) -> Self {
    var address = Self()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    #if canImport(Darwin)
      address.sin_len = UInt8(MemoryLayout<Self>.size)
    #endif
    return address
  }
}
