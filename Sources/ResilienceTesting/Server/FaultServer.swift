public import Foundation

/// An HTTP/1.1 server on the loopback interface of this process, for testing clients.
///
/// ```swift
/// let server = try FaultServer {
///   Route(.get, "/users/{id}") { request in
///     try .json(["id": request.parameters["id"]])
///   }
/// }
/// defer { server.stop() }
///
/// let outage = server.inject(.status(503), .always)
/// // … what does the client do? …
/// outage.heal()
/// ```
///
/// Connections share one serial queue; handlers run in tasks of their own, outside it. The server is
/// made for correct answers to strange questions, not for the open Internet: it listens on 127.0.0.1
/// only.
///
/// ## Source
/// [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), [RFC
/// 9112](https://www.rfc-editor.org/rfc/rfc9112).
public final class FaultServer: Sendable {
  /// The address to send requests to, such as `http://127.0.0.1:54321`, without a path.
  public let url: URL

  let service: Service
  let core: ServerCore
  private let executor: QueueExecutor
  private let listener: Listener
  private let work = ServerWork()

  /// Starts a server; it accepts connections when this returns.
  ///
  /// - Parameters:
  ///   - port: The port to listen on, or 0 for any free one.
  ///   - seed: Where the draws of `.rate` and of latency ranges come from. Requests that arrive in
  ///     the same order meet the same faults.
  ///   - limits: What the server accepts at most.
  ///   - routes: The routes; of several that match, the first one answers.
  /// - Throws: ``ListenFailed`` if the port is taken or no descriptor is left.
  /// - Precondition: All limits are in their ranges.
  public init(
    port: UInt16 = 0,
    seed: UInt64 = 0,
    limits: ServerLimits = ServerLimits(),
    @RouteBuilder routes: () -> [Route]
  ) throws(ListenFailed) {
    limits.check()
    executor = QueueExecutor(label: "swift-resilience.fault-server")
    listener = try Listener(port: port, executor: executor)
    service = Service(routes: routes(), seed: seed, limits: limits)
    core = ServerCore(listener: listener, service: service, executor: executor, work: work)
    guard let url = URL(string: "http://127.0.0.1:\(listener.port)") else {
      preconditionFailure("a loopback address with a port is a URL")
    }
    self.url = url
    core.onQueue { $0.start() }
  }

  deinit {
    let core = core
    executor.queue.async { core.assumeIsolated { $0.stop() } }
  }

  /// The port that the server listens on.
  public var port: UInt16 { listener.port }

  /// Number of open connections.
  public var connectionCount: Int { core.onQueue { $0.connectionCount } }

  /// Closes the listener and all connections, and cancels the handlers.
  ///
  /// When this returns, the port is free and all descriptors are closed. Handlers may still be busy
  /// with noticing that they were cancelled; ``stopped()`` waits for them. Stopping twice does
  /// nothing the second time. A server that is released is stopped.
  public func stop() {
    core.onQueue { $0.stop() }
    listener.closing.wait()
    work.descriptors.wait()
  }

  /// Waits until the server has been stopped and its last handler has returned.
  public func stopped() async {
    await withCheckedContinuation { continuation in
      work.replies.notify(queue: executor.queue) { continuation.resume() }
    }
  }
}
