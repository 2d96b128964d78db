import Dispatch

/// Accepts connections on one port, and can stop and start again without losing the port.
///
///     listening ──▶ closing ──▶ parked ──▶ listening …
///                      └──────────┴──────▶ stopped
///
/// A parked listener is a socket that is bound but does not listen: clients are refused, and the
/// system gives the port to nobody else, not even to a client as its own end of a connection.
actor Listener {
  private enum Stage {
    case listening(Socket, SocketSource)
    /// The source has been cancelled, and Dispatch may still look at the descriptor.
    case closing(Socket)
    /// Without a socket if there was no port or descriptor for it; then listening makes one.
    case parked(Socket?)
    case stopped
  }

  /// Rest after the system ran out of descriptors; trying again at once would fail at once.
  private static let restTime = DispatchTimeInterval.milliseconds(20)

  nonisolated let port: UInt16

  /// Empty when no socket is being closed; waiting for it makes `pause()` and `stop()` complete.
  nonisolated let closing = DispatchGroup()

  private let executor: QueueExecutor
  private var stage: Stage
  private var isWanted = true
  private var isStopping = false
  private var onAccept: (@Sendable (Socket) -> Void)?

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  init(port: UInt16, executor: QueueExecutor) throws(ListenFailed) {
    let socket = try Socket(boundTo: port)
    do throws(ListenFailed) {
      try socket.startListening()
    } catch {
      socket.close()
      throw error
    }
    self.port = socket.port
    self.executor = executor
    stage = .parked(socket)
  }

  func start(onAccept: @escaping @Sendable (Socket) -> Void) {
    self.onAccept = onAccept
    listen()
  }

  func resume() {
    isWanted = true
    listen()
  }

  func pause() {
    isWanted = false
    closeListener()
  }

  func stop() {
    isStopping = true
    isWanted = false
    closeListener()
    guard case .parked(let socket) = stage else { return }
    socket?.close()
    stage = .stopped
  }

  private func listen() {
    guard isWanted, case .parked(let parked) = stage else { return }
    do throws(ListenFailed) {
      let socket = if let parked { parked } else { try Socket(boundTo: port) }
      stage = .parked(socket)
      try socket.startListening()
      let source = SocketSource(
        .read,
        of: socket,
        on: executor.queue,
        onReady: { self.assumeIsolated { $0.acceptAll() } },
        onCancel: { self.assumeIsolated { $0.didClose() } }
      )
      stage = .listening(socket, source)
      source.resume()
    } catch {
      // Somebody has the port or the last descriptor. The server goes on refusing, and tries again.
      rest()
    }
  }

  private func closeListener() {
    guard case .listening(let socket, let source) = stage else { return }
    closing.enter()
    stage = .closing(socket)
    socket.end()
    source.cancel()
  }

  private func didClose() {
    guard case .closing(let socket) = stage else { return }
    socket.close()
    stage = isStopping ? .stopped : .parked(try? Socket(boundTo: port))
    listen()
    closing.leave()
  }

  private func acceptAll() {
    guard case .listening(let socket, let source) = stage else { return }
    while case .listening = stage {
      switch socket.accept() {
      case .socket(let accepted): onAccept?(accepted)
      case .aborted: continue
      case .nothingYet: return
      case .exhausted:
        source.pause()
        return rest()
      }
    }
  }

  private func rest() {
    executor.queue.asyncAfter(deadline: .now() + Self.restTime) {
      self.assumeIsolated { $0.rested() }
    }
  }

  private func rested() {
    if case .listening(_, let source) = stage { source.resume() }
    listen()
  }
}
