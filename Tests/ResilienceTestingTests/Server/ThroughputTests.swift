import Foundation
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// In release, 2 000 requests take about 0.2 s with the raw client and 0.6 s with a session.
@Suite("Throughput of a fault server", .byThemselves, .timeLimit(.minutes(1)))
struct ThroughputTests {
  private let server: FaultServer

  init() throws {
    server = try FaultServer.users()
  }

  @Test("Many requests one after the other on one connection")
  func sequential() async throws {
    let client = try RawClient(server.port)
    for _ in 1...500 {
      await client.send(get("/users/1"))
      try #require(await client.response().status == 200)
    }
    #expect(server.connectionCount == 1 && server.handledCount == 500)
  }

  @Test("Many requests of a session")
  func session() async throws {
    let session = URLSession(configuration: .ephemeral)
    for _ in 1...500 {
      _ = try await session.data(from: server.url.appending(path: "users/1"))
    }
    #expect(server.handledCount == 500)
  }
}
