import Dispatch

/// Owns the listener and the connections; lives on the server's queue.
actor ServerCore {
  private let executor: QueueExecutor
  private let service: Service
  private let listener: Listener
  private let work: ServerWork
  private var connections: [Int: Connection] = [:]
  private var nextID = 0
  private var isStopped = false
  private var sweeper: (any DispatchSourceTimer)?
  private var relisten: (any DispatchSourceTimer)?

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  init(
    listener: Listener,
    service: Service,
    executor: QueueExecutor,
    work: ServerWork
  ) {
    self.listener = listener
    self.service = service
    self.executor = executor
    self.work = work
  }

  var connectionCount: Int { connections.count }

  func start() {
    work.replies.enter()
    listener.assumeIsolated { listener in
      listener.start { socket in self.assumeIsolated { $0.accept(socket) } }
    }
    let tick = min(service.limits.idleTime / 4, .milliseconds(250))
    sweeper = timer(after: tick, repeats: true) { $0.sweep() }
  }

  func stop() {
    guard !isStopped else { return }
    isStopped = true
    sweeper.take()?.cancel()
    relisten.take()?.cancel()
    listener.assumeIsolated { $0.stop() }
    for connection in connections.values { connection.assumeIsolated { $0.close() } }
    service.endMeetings()
    work.replies.leave()
  }

  /// Brings listener and connections in line with the faults injected now.
  private func faultsChanged() {
    guard !isStopped else { return }
    for connection in connections.values { connection.assumeIsolated { $0.heal() } }
    relisten.take()?.cancel()
    switch service.outage() {
    case .none:
      listener.assumeIsolated { $0.resume() }
    case .open:
      listener.assumeIsolated { $0.pause() }
    case .until(let end):
      listener.assumeIsolated { $0.pause() }
      relisten = timer(after: end - service.now, repeats: false) { $0.faultsChanged() }
    }
  }

  /// Closes all connections, those that are answering a request after the answer.
  private func retireConnections() {
    for connection in connections.values { connection.assumeIsolated { $0.retire() } }
  }

  /// Runs on the server's queue and waits; what runs there is the server's own code and short.
  nonisolated func onQueue<Value: Sendable>(
    _ body: @Sendable (isolated ServerCore) -> Value
  ) -> Value {
    executor.queue.sync { assumeIsolated(body) }
  }

  /// Lets listener and connections know of faults that came or went, and waits until they do.
  nonisolated func applyFaults(retiringConnections: Bool = false) {
    onQueue { core in
      core.faultsChanged()
      if retiringConnections { core.retireConnections() }
    }
    listener.closing.wait()
  }

  private func accept(_ socket: Socket) {
    guard !isStopped, connections.count < service.limits.connections else { return socket.close() }
    guard !service.refusesConnection() else {
      socket.resetOnClose()
      return socket.close()
    }
    let id = nextID
    nextID += 1
    let connection = Connection(
      socket,
      service: service,
      executor: executor,
      work: work,
      onClose: { self.assumeIsolated { $0.forget(id) } }
    )
    connections[id] = connection
    connection.assumeIsolated { $0.start() }
  }

  private func forget(_ id: Int) {
    connections[id] = nil
  }

  private func sweep() {
    let now = ContinuousClock.now
    for connection in connections.values { connection.assumeIsolated { $0.sweep(at: now) } }
  }

  private func timer(
    after delay: Duration,
    repeats: Bool,
    _ body: @escaping @Sendable (isolated ServerCore) -> Void
  ) -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource(queue: executor.queue)
    let interval = DispatchTimeInterval(delay)
    timer.schedule(deadline: .now() + interval, repeating: repeats ? interval : .never)
    timer.setEventHandler { self.assumeIsolated(body) }
    timer.resume()
    return timer
  }
}

extension DispatchTimeInterval {
  /// The nearest interval that Dispatch can express, between 1 ns and 292 years.
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (total, exceeds) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    self = .nanoseconds(overflows || exceeds ? .max : Int(clamping: max(1, total)))
  }
}
