import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension HTTPPeerTests {
  @Suite("Several servers, and one that fails for a while")
  struct Servers {
    private let session = URLSession.fresh()

    @Test("Each port has a breaker of its own")
    func hosts() async throws {
      let peers = try Peers.current
      let hosts = HTTPHosts { target in
        CircuitBreaker("\(target)", trip: .consecutiveFailures(2))
      }
      let ill = try peerRequest(peers.other, "/ill/hosts")
      for _ in 0..<2 {
        await #expect(throws: HTTPStatusError.self) {
          try await session.data(for: ill, through: hosts)
        }
      }
      for _ in 0..<3 {
        let error = await #expect(throws: CircuitOpen.self) {
          try await session.data(for: ill, through: hosts)
        }
        #expect(error?.policy == peers.other.absoluteString)
        _ = try await session.data(
          for: try peerRequest(peers.web, "/page/hosts"),
          through: hosts
        )
      }
      #expect(try await peers.nginx.log(of: "/ill/hosts").count == 2)
      #expect(try await peers.nginx.log(of: "/page/hosts").count == 3)
      #expect(hosts.policies.count == 2)
    }

    @Test("Of three servers the one that fails is asked until it is left out, and no call fails")
    func endpoints() async throws {
      let peers = try Peers.current
      var settings = EndpointSettings()
      settings.choice = .roundRobin
      settings.consecutiveFailures = 3
      let notes = HTTPEndpoints(
        "notes",
        peers.trio,
        settings,
        session: session,
        pipeline: Retry(attempts: 2, backoff: .none),
        each: Timeout(.seconds(30))
      )
      for _ in 0..<30 {
        #expect(try await notes.get("trio", as: Note.self).text == "well")
      }
      let lines = try await peers.nginx.log(of: "/trio")
      #expect(lines.count == 33)
      #expect(lines.at(peers.trio[1]).map(\.status) == ["500", "500", "500"])
      let well = [0, 2].map { lines.at(peers.trio[$0]).count }
      #expect(well.reduce(0, +) == 30 && well.allSatisfy { $0 >= 12 })
      #expect(notes.endpoints.snapshot.map(\.ejections) == [0, 1, 0])
    }

    @Test("A service that is down altogether is not asked by those that find its circuit open")
    func outage() async throws {
      let peers = try Peers.current
      let notes = HTTPEndpoints(
        "notes",
        [peers.trio[1]],
        session: session,
        pipeline: Pipeline("notes") {
          Retry(attempts: 2, backoff: .none)
          CircuitBreaker("notes", trip: .consecutiveFailures(4))
        },
        each: Timeout(.seconds(30))
      )
      for _ in 0..<10 {
        await #expect(throws: (any Error).self) { try await notes.get("outage", as: Note.self) }
      }
      #expect(try await peers.nginx.log(of: "/outage").count == 4)
    }

    @Test("While a server fails, its last response is used as far as it allowed")
    func stale() async throws {
      let peers = try Peers.current
      let kept = StaleIfError(for: .zero)
      func get(_ path: String) async throws -> KeptResponse<Data> {
        try await session.data(
          for: try peerRequest(peers.web, path),
          through: NoPolicy(),
          keeping: kept
        )
      }
      #expect(try await get("/stale").cause == nil)
      #expect(try await get("/strict").cause == nil)
      try peers.nginx.flag("outage", true)
      let used = try await get("/stale")
      #expect(used.value == Data("stale".utf8) && used.isStale)
      #expect((used.cause as? HTTPStatusError)?.status == 503)
      #expect(used.response.value(forHTTPHeaderField: "Age") != nil)
      await #expect(throws: HTTPStatusError.self) { try await get("/strict") }
      try peers.nginx.flag("outage", false)
      let fresh = try await get("/stale")
      #expect(!fresh.isStale && fresh.cause == nil)
      let statuses = try await peers.nginx.log(of: "/st").map { $0.uri + " " + $0.status }
      #expect(
        statuses == ["/stale 200", "/strict 200", "/stale 503", "/strict 503", "/stale 200"]
      )
    }
  }
}
