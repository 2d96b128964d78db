import Dispatch

/// One connection: reads requests, has them answered one after the other, and writes the replies.
///
///     reading ──▶ replying ──▶ reading …
///        │           ├──▶ hanging ──┐
///        └───────────┴──▶ draining ◀┘ ──▶ closed
///
/// Every phase leaves for `closed` when the connection breaks or the server stops. The end of the
/// peer's data cancels the task that answers, but a handler that answers all the same is heard: the
/// peer may have closed its own direction only.
actor Connection {
  enum Phase {
    case reading
    case replying(Task<Void, Never>)
    case hanging(FaultScript.ID)
    /// Everything is said. Reads what the peer still sends, so that the system does not answer it
    /// with a reset that would overtake the reply: [RFC 9112, section
    /// 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
    case draining(until: ContinuousClock.Instant, bytesLeft: Int)
    case closed
  }

  static let readBytes = 16 * 1_024
  /// Bytes of further requests that are taken in while one is answered.
  static let pipelineBytes = 64 * 1_024
  static let drainTime = Duration.seconds(1)

  private let executor: QueueExecutor
  let socket: Socket
  let service: Service
  let work: ServerWork
  private let onClose: @Sendable () -> Void

  var phase = Phase.reading
  var parser: RequestParser
  var outgoing: ArraySlice<UInt8> = []
  var flushed: CheckedContinuation<Void, any Error>?
  var readSource: SocketSource?
  var writeSource: SocketSource?
  private var sources = 0
  var peerHasEnded = false
  var isLast = false
  var lastProgress = ContinuousClock.now

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  init(
    _ socket: Socket,
    service: Service,
    executor: QueueExecutor,
    work: ServerWork,
    onClose: @escaping @Sendable () -> Void
  ) {
    self.socket = socket
    self.service = service
    self.executor = executor
    self.work = work
    self.onClose = onClose
    parser = RequestParser(limits: service.limits)
  }

  func start() {
    work.descriptors.enter()
    readSource = source(.read) { $0.readable() }
    readSource?.resume()
  }
}

// MARK: - What the server wants

extension Connection {
  /// Closes the connection if it hangs because of a fault that has been healed.
  func heal() {
    if case .hanging(let id) = phase, service.isHealed(id) { drain() }
  }

  /// Closes the connection now if it is idle, else after the reply on its way.
  func retire() {
    isLast = true
    if case .reading = phase { close() }
  }

  /// Closes the connection if it has stood still for too long.
  func sweep(at now: ContinuousClock.Instant) {
    let isIdle = lastProgress.duration(to: now) >= service.limits.idleTime
    switch phase {
    case .reading: if isIdle { close() }
    case .replying: if isIdle, !outgoing.isEmpty { close() }
    case .draining(let end, _): if isIdle || end <= now { close() }
    case .hanging, .closed: break
    }
  }

  /// Closes the connection, whatever it is doing.
  func close(resetting: Bool = false) {
    if case .closed = phase { return }
    if case .replying(let task) = phase { task.cancel() }
    phase = .closed
    if resetting { socket.resetOnClose() } else { socket.end() }
    outgoing = []
    flushed.take()?.resume(throwing: CancellationError())
    readSource?.cancel()
    writeSource?.cancel()
    closeDescriptorIfDone()
    onClose()
  }
}

// MARK: - Dispatch

extension Connection {
  func source(
    _ direction: SocketSource.Direction,
    onReady: @escaping @Sendable (isolated Connection) -> Void
  ) -> SocketSource {
    sources += 1
    return SocketSource(
      direction,
      of: socket,
      on: executor.queue,
      onReady: { self.assumeIsolated(onReady) },
      onCancel: { self.assumeIsolated { $0.sourceEnded() } }
    )
  }

  private func sourceEnded() {
    sources -= 1
    closeDescriptorIfDone()
  }

  /// Closes the descriptor when no source can look at it any more.
  private func closeDescriptorIfDone() {
    guard case .closed = phase, sources == 0 else { return }
    socket.close()
    work.descriptors.leave()
  }
}
