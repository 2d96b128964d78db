#if canImport(FoundationNetworking)
  import Foundation
  import FoundationNetworking
  import Resilience
  import ResilienceTesting
  import Testing

  @testable import ResilienceHTTP

  @Suite("Companion sessions", .serialized)
  struct CompanionTests {
    @Test("A session has one companion, which goes when the session has gone")
    func one() async throws {
      let server = try FaultServer.sample()
      weak var channel: CompanionChannel?
      do {
        let session = URLSession.fresh()
        for _ in 1...3 {
          _ = try await session.data(for: server.request("notes/1"), through: NoPolicy())
        }
        channel = session.channel
        #expect(channel === session.channel)
      }
      // The next new session sweeps.
      let next = URLSession.fresh()
      _ = next.channel
      #expect(channel == nil)
      #expect(server.requestCount == 3)
    }

    @Test("Connections are kept between calls")
    func keepAlive() async throws {
      let server = try FaultServer.sample()
      let session = URLSession.fresh()
      for _ in 1...5 {
        _ = try await session.data(for: server.request("notes/1"), through: NoPolicy())
      }
      #expect(server.connectionCount == 1)
    }

    @Test("A session's own delegate decides about redirects")
    func redirects() async throws {
      final class Stay: NSObject, URLSessionTaskDelegate {
        func urlSession(
          _ session: URLSession,
          task: URLSessionTask,
          willPerformHTTPRedirection response: HTTPURLResponse,
          newRequest request: URLRequest,
          completionHandler: @Sendable @escaping (URLRequest?) -> Void
        ) {
          completionHandler(nil)
        }
      }
      let server = try FaultServer.sample()
      let session = URLSession(configuration: .ephemeral, delegate: Stay(), delegateQueue: nil)
      let (_, response) = try await session.data(
        for: server.request("moved"),
        through: NoPolicy()
      )
      #expect(response.statusCode == 302)
      session.invalidateAndCancel()
    }
  }
#endif
