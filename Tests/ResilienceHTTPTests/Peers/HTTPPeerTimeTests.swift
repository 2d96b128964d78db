import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension HTTPPeerTests {
  @Suite("Slow and absent servers")
  struct Time {
    private let session = URLSession.fresh()

    private func policy(_ attempts: Int) -> some Policy {
      Pipeline("slow") {
        Retry(attempts: attempts, backoff: .none)
        Timeout(.milliseconds(200))
      }
    }

    @Test("A call that is too slow ends in time, and the server sees each attempt leave")
    func tooSlow() async throws {
      let peers = try Peers.current
      let start = ContinuousClock.now
      await #expect(throws: TimedOut.self) {
        try await session.data(
          for: try peerRequest(peers.web, "/behind/delay/10"),
          through: policy(2)
        )
      }
      let duration = start.duration(to: .now)
      #expect(.milliseconds(400) <= duration && duration < .seconds(10))
      // What nginx writes where the client has closed the connection.
      let statuses = try await peers.nginx.log(of: "/behind/delay/10", atLeast: 2).map(\.status)
      #expect(statuses == ["499", "499"])
      let (_, response) = try await session.data(
        for: try peerRequest(peers.web, "/behind/get"),
        through: NoPolicy()
      )
      #expect(response.statusCode == 200)
    }

    @Test("A body that only drips in is left in time, too")
    func drip() async throws {
      let peers = try Peers.current
      let path = "/drip?duration=10&numbytes=10&delay=0"
      let start = ContinuousClock.now
      await #expect(throws: TimedOut.self) {
        try await session.data(
          for: try peerRequest(peers.httpbin.url, path),
          through: policy(1)
        )
      }
      #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test("A cancelled call ends at once, and the server sees it leave")
    func cancellation() async throws {
      let peers = try Peers.current
      let mark = peers.httpbin.mark
      let start = ContinuousClock.now
      let call = Task {
        try await session.data(
          for: try peerRequest(peers.web, "/behind/delay/9"),
          through: threeAttempts()
        )
      }
      try await peers.httpbin.begin(of: "/delay/9", since: mark)
      call.cancel()
      await #expect(throws: CancellationError.self) { try await call.value }
      #expect(start.duration(to: .now) < .seconds(9))
      let lines = try await peers.nginx.log(of: "/behind/delay/9", atLeast: 1)
      #expect(lines.map(\.status) == ["499"])
    }

    @Test(
      "A gateway without a server says 502, and one whose server is slow 504; both are repeated"
    )
    func gateways() async throws {
      let peers = try Peers.current
      let mark = peers.httpbin.mark
      for (path, status, requests) in [
        ("/down/gateway", 502, 3), ("/slow/delay/1?gateway", 504, 3),
      ] {
        let error = await #expect(throws: HTTPStatusError.self) {
          try await session.data(
            for: try peerRequest(peers.web, path),
            through: threeAttempts()
          )
        }
        #expect(error?.status == status)
        let lines = try await peers.nginx.log(of: path)
        #expect(lines.map(\.status) == Array(repeating: "\(status)", count: requests))
      }
      // The server behind has been asked, so what is no idempotent request is not repeated.
      await #expect(throws: HTTPStatusError.self) {
        try await session.data(
          for: try peerRequest(peers.web, "/slow/delay/1?gateway-post", "POST", body: "x"),
          through: threeAttempts()
        )
      }
      #expect(try await peers.nginx.log(of: "/slow/delay/1?gateway-post").count == 1)
      #expect(try await peers.httpbin.log(of: "/delay/1?gateway", since: mark).count == 4)
    }

    @Test("A server that closes without an answer is asked again, unless the request may not be")
    func silence() async throws {
      let peers = try Peers.current
      for (method, requests) in [("GET", 3), ("POST", 1)] {
        let error = await #expect(throws: URLError.self) {
          try await URLSession.fresh().data(
            for: try peerRequest(peers.web, "/silent/\(method)", method),
            through: threeAttempts()
          )
        }
        #expect(error?.verdict == .failure)
        let lines = try await peers.nginx.log(of: "/silent/\(method)")
        #expect(lines.map(\.status) == Array(repeating: "444", count: requests))
      }
    }

    @Test(
      "A connection that the server closes between calls costs no call",
      arguments: ["GET", "POST"]
    )
    func closedConnections(method: String) async throws {
      let peers = try Peers.current
      for path in ["/a", "/b", "/c"] {
        let (body, _) = try await session.data(
          for: try peerRequest(peers.once, "/once/\(method)\(path)", method),
          through: NoPolicy()
        )
        #expect(body == Data("once".utf8))
      }
      let once = try await peers.nginx.log(of: "/once/\(method)")
      #expect(once.count == 3 && Set(once.map(\.connection)).count == 3)
      for path in ["/a", "/b"] {
        let (body, _) = try await session.data(
          for: try peerRequest(peers.brief, "/brief/\(method)\(path)", method),
          through: NoPolicy()
        )
        #expect(body == Data("brief".utf8))
        // Longer than the server keeps the connection.
        _ = try await session.data(
          for: try peerRequest(peers.httpbin.url, "/delay/0.3"),
          through: NoPolicy()
        )
      }
      let brief = try await peers.nginx.log(of: "/brief/\(method)")
      #expect(brief.count == 2 && Set(brief.map(\.connection)).count == 2)
      // The control: a server that keeps its connections is asked over one.
      for path in ["/a", "/b", "/c"] {
        _ = try await session.data(
          for: try peerRequest(peers.other, "/kept/\(method)\(path)", method),
          through: NoPolicy()
        )
      }
      let kept = try await peers.nginx.log(of: "/kept/\(method)")
      #expect(kept.count == 3 && Set(kept.map(\.connection)).count == 1)
    }

    @Test("A head that is too large for the server is answered, and the answer is no failure")
    func largeHead() async throws {
      let peers = try Peers.current
      let breaker = CircuitBreaker("nginx", trip: .consecutiveFailures(1))
      let large = String(repeating: "x", count: 40_000)
      let (_, response) = try await session.data(
        for: try peerRequest(peers.web, "/page/large", headers: ["X-Large": large]),
        through: breaker
      )
      #expect([400, 431].contains(response.statusCode))
      let (_, long) = try await session.data(
        for: try peerRequest(peers.web, "/page?" + large),
        through: breaker
      )
      #expect(long.statusCode == 414)
      #expect(breaker.state == .closed)
      #expect(try await peers.nginx.log(of: "/page/large").map(\.status) == ["400"])
    }
  }
}
