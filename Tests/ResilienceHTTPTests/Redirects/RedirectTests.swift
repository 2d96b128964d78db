import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Redirects")
struct RedirectTests {
  private func hop(_ address: String, _ method: String = "GET", count: Int = 0) throws -> Hop {
    var request = URLRequest(url: try #require(URL(string: address)))
    request.httpMethod = method
    for name in ["Authorization", "Cookie", "Proxy-Authorization", "Idempotency-Key", "X-Api-Key"] {
      request.setValue("secret", forHTTPHeaderField: name)
    }
    request.setValue("1000", forHTTPHeaderField: "X-Request-Deadline")
    request.setValue("text/plain", forHTTPHeaderField: "Content-Type")
    request.setValue("application/json", forHTTPHeaderField: "Accept")
    return Hop(request, redirects: count)
  }

  private func follow(_ hop: Hop, _ status: Int, to address: String) throws -> Hop? {
    guard case .follow(let next) = hop.redirect(status, to: URL(string: address)) else {
      return nil
    }
    return next
  }

  private func names(_ hop: Hop) -> Set<String> {
    Set((hop.request.allHTTPHeaderFields ?? [:]).keys.map { $0.lowercased() })
  }

  @Test(
    "Another scheme, host or port sees no credentials, keys or context",
    arguments: [
      "http://b.example/x", "https://a.example/x", "http://a.example:81/x", "http://x.a.example/x",
    ]
  )
  func elsewhere(address: String) throws {
    let next = try #require(try follow(try hop("http://a.example/"), 302, to: address))
    #expect(names(next) == ["content-type", "accept"])
    #expect(next.redirects == 1)
  }

  @Test(
    "The same origin sees all of it",
    arguments: ["http://a.example/x", "http://A.EXAMPLE:80/y"]
  )
  func sameOrigin(address: String) throws {
    let hop = try hop("http://a.example/")
    #expect(names(try #require(try follow(hop, 307, to: address))) == names(hop))
  }

  @Test(
    "The method and the body change as the status says",
    arguments: [
      (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (303, "PUT", "GET"),
      (303, "HEAD", "HEAD"), (301, "PUT", "PUT"), (302, "DELETE", "DELETE"), (307, "POST", "POST"),
      (308, "POST", "POST"), (302, "HEAD", "HEAD"),
    ]
  )
  func methods(status: Int, method: String, expected: String) throws {
    var hop = try hop("http://a.example/", method)
    hop.body = .data(Data("x".utf8))
    let next = try #require(try follow(hop, status, to: "http://a.example/x"))
    #expect(next.request.httpMethod == expected)
    let keepsBody = expected == method && method != "HEAD"
    #expect(
      (next.body != nil) == (keepsBody || method == "HEAD" && status != 303 || expected == "HEAD")
    )
    #expect(names(next).contains("content-type") == (next.body != nil))
  }

  @Test(
    "The way from HTTPS to HTTP, and one that is not HTTP, is not taken",
    arguments: [
      "http://a.example/", "ftp://a.example/", "file:///etc/passwd", "data:,x", "javascript:x",
    ]
  )
  func refused(address: String) throws {
    let hop = try hop("https://a.example/")
    guard case .stay = hop.redirect(302, to: URL(string: address)) else {
      Issue.record("followed to \(address)")
      return
    }
    guard case .stay = hop.redirect(302, to: nil) else {
      Issue.record("followed to nowhere")
      return
    }
  }

  @Test("The twenty-first redirect is an error that no policy repeats")
  func most() throws {
    #expect(
      try follow(try hop("http://a.example/", count: 19), 302, to: "http://a.example/x") != nil
    )
    guard
      case .refuse(let error) = try hop("http://a.example/", count: 20)
        .redirect(302, to: URL(string: "http://a.example/x"))
    else {
      Issue.record("followed")
      return
    }
    #expect(error.code == .httpTooManyRedirects)
    #expect(error.retryAdvice == .forbidden)
  }

  @Test(
    "On the wire: another origin is sent no secrets, the same one is",
    arguments: [true, false]
  )
  func wire(isStreamed: Bool) async throws {
    let (home, other, session) = (
      try FaultServer.sample(), try FaultServer.sample(), URLSession.fresh()
    )
    home.inject(.redirect(to: "\(other.url)/notes/1"), .next(1))
    home.inject(.redirect(to: "/notes/2"), .next(1))
    var request = home.request("notes/1")
    request.setValue("secret", forHTTPHeaderField: "Authorization")
    request.setValue("secret", forHTTPHeaderField: "X-Api-Key")
    try await withRequestContext(RequestContext(requestID: "r1")) {
      for _ in 1...2 {
        if isStreamed {
          try await session.stream(for: request, through: NoPolicy()) { _, body in
            for try await _ in body {}
          }
        } else {
          _ = try await session.data(for: request, through: NoPolicy())
        }
      }
    }
    let fields = ["Authorization", "X-Api-Key", "X-Request-ID"]
    #expect(fields.map { other.exchanges.last?.headers[$0] } == [nil, nil, nil])
    #expect(fields.map { home.exchanges.last?.headers[$0] } == ["secret", "secret", "r1"])
    #expect(home.requestCount == 3 && other.requestCount == 1)
  }

  @Test("A circle of redirects ends", arguments: [true, false])
  func circle(isStreamed: Bool) async throws {
    let (server, session) = (try FaultServer.sample(), URLSession.fresh())
    server.inject(.redirect(to: "/notes/1"))
    let error = try await #require(throws: URLError.self) {
      if isStreamed {
        try await session.stream(for: server.request("notes/1"), through: threeAttempts()) { _, _ in
        }
      } else {
        _ = try await session.data(for: server.request("notes/1"), through: threeAttempts())
      }
    }
    #expect(error.code == .httpTooManyRedirects)
    #expect(server.requestCount == 21)
  }
}
