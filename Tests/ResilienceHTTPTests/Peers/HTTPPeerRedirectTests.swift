import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension HTTPPeerTests {
  @Suite("Redirects of httpbin")
  struct Redirects {
    private let session = URLSession.fresh()

    @Test("A chain is followed to its end", arguments: ["redirect", "absolute-redirect"])
    func chain(kind: String) async throws {
      let httpbin = try Peers.current.httpbin
      let mark = httpbin.mark
      let (_, response) = try await session.data(
        for: try peerRequest(httpbin.url, "/\(kind)/4"),
        through: NoPolicy()
      )
      #expect(response.statusCode == 200)
      #expect(response.url?.path == "/get")
      let statuses = try await httpbin.log(of: "/", since: mark).map(\.status)
      #expect(statuses == ["302", "302", "302", "302", "200"])
    }

    @Test("A chain without end is left, and not begun again")
    func endless() async throws {
      let httpbin = try Peers.current.httpbin
      let mark = httpbin.mark
      let error = await #expect(throws: URLError.self) {
        try await session.data(
          for: try peerRequest(httpbin.url, "/redirect/60"),
          through: threeAttempts()
        )
      }
      #expect(error?.code == .httpTooManyRedirects)
      #expect(try await httpbin.log(of: "/", since: mark).count <= 21)
    }

    @Test("What a redirect leads to is repeated with it")
    func failure() async throws {
      let httpbin = try Peers.current.httpbin
      let mark = httpbin.mark
      let error = await #expect(throws: HTTPStatusError.self) {
        try await session.data(
          for: try peerRequest(httpbin.url, "/redirect-to?url=/status/503"),
          through: threeAttempts()
        )
      }
      #expect(error?.status == 503)
      #expect(try await httpbin.log(of: "/redirect-to", since: mark).count == 3)
      #expect(try await httpbin.log(of: "/status/503", since: mark).count == 3)
    }

    @Test(
      "Credentials stay with the origin that they are for",
      arguments: [301, 302, 303, 307, 308]
    )
    func credentials(status: Int) async throws {
      let peers = try Peers.current
      let secrets = ["Authorization": "Bearer secret", "Cookie": "secret=1"]
      func go(to url: String) async throws {
        let (_, response) = try await session.data(
          for: try peerRequest(
            peers.httpbin.url,
            "/redirect-to?status_code=\(status)&url=\(url)",
            headers: secrets
          ),
          through: NoPolicy()
        )
        #expect(response.statusCode == 200)
      }
      try await go(to: "\(peers.other)/landing/\(status)")
      let abroad = try await peers.nginx.log(of: "/landing/\(status)")
      #expect(abroad.map(\.authorization) == [""])
      #expect(abroad.map(\.cookie) == [""])
      let mark = peers.httpbin.mark
      try await go(to: "/anything/home")
      let home = try await peers.httpbin.log(of: "/anything/home", since: mark)
      #expect(home.map(\.authorization) == ["Bearer secret"])
    }

    @Test("307 and 308 carry the body on, and 303 does not")
    func bodies() async throws {
      let peers = try Peers.current
      for (status, method, data) in [
        (307, "POST", "body"), (308, "POST", "body"), (303, "GET", ""),
      ] {
        let (body, _) = try await session.data(
          for: try peerRequest(
            peers.httpbin.url,
            "/redirect-to?status_code=\(status)&url=/anything/moved",
            "POST",
            headers: ["Content-Type": "text/plain"],
            body: "body"
          ),
          through: NoPolicy()
        )
        let echo = try JSONDecoder().decode(Echo.self, from: body)
        #expect(echo.method == method)
        #expect(echo.data == data)
      }
    }
  }
}
