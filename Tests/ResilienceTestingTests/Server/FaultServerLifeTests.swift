import Foundation
import Testing

@testable import ResilienceTesting

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

@Suite("Life of a fault server")
struct FaultServerLifeTests {
  @Test("The handler is cancelled when the client goes away")
  func cancelledByClient() async throws {
    let began = Signal()
    let cancelled = Signal()
    let server = try waiting(began, cancelled)
    defer { server.stop() }
    var client: RawClient? = try RawClient(server.port)
    await client?.send(get("/"))
    await began.wait()
    client = nil
    await cancelled.wait()
  }

  @Test("The handler is cancelled when the server stops, which waits for it")
  func cancelledByStop() async throws {
    let began = Signal()
    let cancelled = Signal()
    let server = try waiting(began, cancelled)
    let client = try RawClient(server.port)
    await client.send(get("/"))
    await began.wait()
    server.stop()
    await server.stopped()
    await cancelled.wait()
    #expect(server.exchanges.map(\.outcome) == [.abandoned])
    #expect(server.connectionCount == 0)
  }

  @Test("A handler that answers all the same is heard by a client that closed its side only")
  func halfClosed() async throws {
    let server = try FaultServer {
      Route(.get, "/") { _ in
        while !Task.isCancelled { await Task.yield() }
        return .text("heard")
      }
    }
    defer { server.stop() }
    let client = try RawClient(server.port)
    await client.send(get("/"))
    client.finishSending()
    #expect(await client.receiveAll().text.hasSuffix("heard"))
  }

  @Test("A stopped server frees its port at once, and stopping again does nothing")
  func stop() async throws {
    let server = try FaultServer.users()
    let client = try RawClient(server.port)
    await client.send(get("/users/1"))
    #expect(await client.response().status == 200)
    server.stop()
    server.stop()
    server.inject(.refuse).heal()
    #expect(throws: RawClient.Failure(code: ECONNREFUSED)) { try RawClient(server.port) }
    #expect(await client.receiveAll().ending == .end)
    await server.stopped()
    await server.requests(atLeast: 1_000)
  }

  @Test("A taken port is an error")
  func takenPort() throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    #expect(throws: ListenFailed(port: server.port, call: "bind", code: EADDRINUSE)) {
      try FaultServer(port: server.port) {}
    }
  }

  @Test("A server that is released stops, though a handle to a fault is kept")
  func released() async throws {
    var server: FaultServer? = try FaultServer.users()
    let port = try #require(server?.port)
    let fault = server?.inject(.hang, .next(1))
    let client = try RawClient(port)
    server = nil
    #expect(await client.receiveAll().ending != .timeout)
    fault?.heal()
  }

  @Test("Waiting for requests ends when the task is cancelled")
  func waitCancelled() async throws {
    let server = try FaultServer.users()
    defer { server.stop() }
    let waiter = Task { await server.requests(atLeast: 1) }
    waiter.cancel()
    await waiter.value
    #expect(server.requestCount == 0)
  }

  @Test("A client that stops reading and goes away ends neither the process nor the server")
  func brokenPipe() async throws {
    let server = try FaultServer {
      Route(.get, "/big") { _ in ServerResponse(body: Data(count: 8_000_000)) }
    }
    for _ in 1...5 {
      let client = try RawClient(server.port)
      await client.send(get("/big") + get("/big"))
      await server.requests(atLeast: 1)
    }
    let last = try RawClient(server.port)
    await last.send(get("/"))
    #expect(await last.response().status == 404)
    server.stop()
    await server.stopped()
  }

  /// A server whose handler waits until it is cancelled.
  private func waiting(_ began: Signal, _ cancelled: Signal) throws -> FaultServer {
    try FaultServer {
      Route(.get, "/") { _ in
        began.fire()
        defer { cancelled.fire() }
        // Nobody resumes it but its cancellation.
        for await _ in AsyncStream<Void>.makeStream().stream {}
        try Task.checkCancellation()
        return .status(200)
      }
    }
  }
}
