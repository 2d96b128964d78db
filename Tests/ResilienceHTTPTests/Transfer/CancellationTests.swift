import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Cancelled requests")
struct CancellationTests {
  private let session = URLSession.fresh()

  private func call(_ request: URLRequest) -> Task<Void, any Error> {
    Task { _ = try await session.data(for: request, through: NoPolicy()) }
  }

  @Test("Cancelled before it starts, nothing is sent")
  func before() async throws {
    let server = try FaultServer.sample()
    let request = server.request("notes/1")
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      _ = try await session.data(for: request, through: NoPolicy())
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(server.requestCount == 0)
    #expect(server.connectionCount == 0)
  }

  @Test("Cancelled while the service thinks, the call ends and the service is told")
  func waiting() async throws {
    let left = Parked<Void>()
    let server = try FaultServer {
      Route(.get, "/") { _ in
        let forEver = Parked<Void>()
        await withTaskCancellationHandler {
          await forEver.wait()
        } onCancel: {
          forEver.resume(with: ())
        }
        left.resume(with: ())
        return .status(200)
      }
    }
    let task = call(server.request(""))
    await server.requests(atLeast: 1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await left.wait()
  }

  @Test("Cancelled while the body arrives")
  func streaming() async throws {
    let server = try FaultServer.sample()
    server.inject(.drip(1, every: .milliseconds(1)))
    let task = call(server.request("bytes/1000000"))
    await server.requests(atLeast: 1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("A body that trickles in after the headers is governed by the attempt's timeout")
  func tricklingBody() async throws {
    let server = try FaultServer.sample()
    server.inject(.drip(1, every: .milliseconds(1)))
    let timeout = Timeout(.milliseconds(200))
    let error = await #expect(throws: TimedOut.self) {
      _ = try await URLSession.fresh().data(
        for: server.request("bytes/1000000"),
        through: timeout
      )
    }
    #expect(error?.limit == .milliseconds(200))
  }

  @Test("Cancelled at any moment, each call ends once, and later ones are well")
  func anyMoment() async throws {
    let server = try FaultServer.sample()
    let paths = ["notes/1", "bytes/50000", "moved"]
    for round in 0..<300 {
      let task = call(server.request(paths[round % 3]))
      for _ in 0..<(round * 7 % 101) { await Task.yield() }
      task.cancel()
      switch await task.result {
      case .success: break
      case .failure(let error): #expect(error is CancellationError, "round \(round)")
      }
    }
    let last = try await session.data(for: server.request("notes/1"), through: NoPolicy())
    #expect(last.1.statusCode == 200)
  }

  @Test("Cancelled calls give back their connections: calls queued behind them are answered")
  func queued() async throws {
    let server = try FaultServer.sample()
    server.inject(.hang, .always) { $0.path == "/notes/2" }
    // More than a session opens connections to a host.
    let hanging = (0..<50).map { _ in call(server.request("notes/2")) }
    await server.requests(atLeast: 1)
    let answered = (0..<50).map { _ in call(server.request("notes/1")) }
    for task in hanging { task.cancel() }
    for task in hanging {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    for task in answered { try await task.value }
  }

  @Test("A transfer that was stopped hears nothing more, and only the first ending counts")
  func arbitration() async throws {
    let url = try #require(URL(string: "http://example.org/"))
    let transfer = Transfer(
      Hop(URLRequest(url: url)),
      origin: Origin(url: url, method: "GET"),
      limit: 10
    )
    transfer.stop(CancellationError())
    transfer.complete(URLError(.timedOut))
    transfer.stop(URLError(.badURL))
    #expect(!transfer.receive(Data("late".utf8)))
    transfer.unlessStopped { Issue.record("a stopped transfer follows no redirect") }
    guard case .stopped(let error) = await transfer.wait() else {
      Issue.record("the session did not end it")
      return
    }
    #expect(error is CancellationError)
  }
}
