import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension HTTPPeerTests {
  /// All times are of the server's log, rounded down to a millisecond.
  ///
  /// A pause is from where the server had sent the response that asks for it to where the next request
  /// had arrived.
  @Suite("Retry-After of nginx")
  struct Later {
    private let session = URLSession.fresh()

    /// A back-off with jitter that is far shorter than what the server asks for.
    private func retry(_ attempts: Int = 2) -> Retry {
      Retry(
        attempts: attempts,
        backoff: .exponential(from: .milliseconds(1), upTo: .milliseconds(10))
      )
    }

    /// Makes calls at the same time, and returns what the log has of each.
    private func calls(
      _ count: Int,
      _ path: String,
      to nginx: NginxPeer
    ) async throws -> [[PeerLine]] {
      let requests = try (0..<count).map { try peerRequest(nginx.urls[0], "\(path)/call\($0)/") }
      await withTaskGroup(of: Void.self) { group in
        for request in requests {
          group.addTask {
            await #expect(throws: HTTPStatusError.self) {
              try await session.data(for: request, through: retry())
            }
          }
        }
      }
      let lines = try await nginx.log(of: path)
      return (0..<count).map { number in
        lines.filter { $0.uri.hasPrefix("\(path)/call\(number)/") }
      }
    }

    @Test("A number of seconds is never cut short", arguments: [429, 503])
    func seconds(status: Int) async throws {
      for lines in try await calls(6, "/seconds/\(status)", to: try Peers.current.nginx) {
        try #require(lines.map(\.status) == ["\(status)", "\(status)"])
        #expect(lines[1].arrived - lines[0].sent >= 999)
      }
    }

    @Test("A date is never anticipated, and one that has passed means at once")
    func date() async throws {
      // At least a second from now, since the clock may be about to tick.
      let date = Int(Date.now.timeIntervalSince1970) + 2
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.timeZone = TimeZone(secondsFromGMT: 0)
      format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
      let text = format.string(from: Date(timeIntervalSince1970: TimeInterval(date)))
      let nginx = try await NginxPeer(ports: 1) { ports, _ in
        """
        server {
          listen 127.0.0.1:\(ports[0]);
          location /fence { access_log off; return 204; }
          location / { add_header Retry-After "\(text)" always; return 503; }
        }
        """
      }
      let all = try await calls(6, "/date", to: nginx)
      await nginx.stop()
      for lines in all {
        try #require(lines.count == 2)
        #expect(lines[0].arrived < date * 1_000)
        #expect(lines[1].arrived >= date * 1_000)
      }
      let past = try await calls(1, "/past", to: try Peers.current.nginx)
      #expect(past[0].count == 2)
    }

    @Test("A limit of requests is kept by waiting as long as it says", arguments: [429, 503])
    func limited(status: Int) async throws {
      let peers = try Peers.current
      let mark = peers.httpbin.mark
      for _ in 1...2 {
        let (_, response) = try await session.data(
          for: try peerRequest(peers.web, "/limited/\(status)"),
          through: retry()
        )
        #expect(response.statusCode == 200)
      }
      let lines = try await peers.nginx.log(of: "/limited/\(status)")
      try #require(lines.map(\.status) == ["200", "\(status)", "200"])
      #expect(lines[2].arrived - lines[1].sent >= 999)
      // What nginx has refused has not come through.
      #expect(try await peers.httpbin.log(of: "/get", since: mark).count == 2)
    }

    @Test("What is too long to wait for is not waited for")
    func tooLong() async throws {
      let peers = try Peers.current
      func call(_ path: String, through policy: some Policy) async throws {
        let error = await #expect(throws: HTTPStatusError.self) {
          try await session.data(for: try peerRequest(peers.web, path), through: policy)
        }
        #expect(error?.status == 503)
        #expect(try await peers.nginx.log(of: path).count == 1)
      }
      try await call("/tomorrow", through: retry())
      let bounded = Pipeline("bounded") {
        Timeout(.milliseconds(900))
        retry()
      }
      try await call("/seconds/503/bounded", through: bounded)
    }

    @Test("A POST is not repeated because of it")
    func post() async throws {
      let peers = try Peers.current
      await #expect(throws: HTTPStatusError.self) {
        try await session.data(
          for: try peerRequest(peers.web, "/seconds/503/post", "POST", body: "x"),
          through: retry()
        )
      }
      #expect(try await peers.nginx.log(of: "/seconds/503/post").count == 1)
    }
  }
}
