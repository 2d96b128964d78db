import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What httpbin answers about a request.
struct Echo: Decodable {
  let method: String
  let url: String
  let args: [String: String]
  let data: String
  let headers: [String: String]
}

extension HTTPPeerTests {
  @Suite("Bodies, headers and credentials, as httpbin sees and sends them")
  struct Bodies {
    private let session = URLSession.fresh()

    private func data(
      _ path: String,
      upTo limit: Int = URLSession.defaultMaxResponseBytes,
      through policy: some Policy = NoPolicy(),
      headers: [String: String] = [:]
    ) async throws -> Data {
      let request = try peerRequest(try Peers.current.httpbin.url, path, headers: headers)
      return try await session.data(for: request, through: policy, maxResponseBytes: limit).0
    }

    private func service(headers: HTTPHeaders = [:]) throws -> HTTPService<Retry> {
      HTTPService(
        baseURL: try Peers.current.httpbin.url,
        session: session,
        pipeline: threeAttempts(),
        headers: headers
      )
    }

    @Test(
      "What is compressed is decompressed",
      arguments: ["gzip": "gzipped", "deflate": "deflated"]
    )
    func compressed(path: String, key: String) async throws {
      struct Said: Decodable { let method: String }
      let body = try await data("/\(path)")
      let object = try JSONSerialization.jsonObject(with: body) as? [String: Any]
      #expect(object?[key] as? Bool == true)
      #expect(try await service().get("\(path)", as: Said.self).method == "GET")
      // Compressed it is shorter than the bound, decompressed it is not.
      #expect(body.count > 150)
      let error = await #expect(throws: ResponseTooLarge.self) {
        try await data("/\(path)", upTo: body.count - 1)
      }
      #expect(error?.limit == body.count - 1)
      #expect(try await data("/\(path)", upTo: body.count) == body)
    }

    @Test("A body arrives whole, however it is cut")
    func pieces() async throws {
      let whole = try await data("/bytes/5000?seed=7")
      #expect(whole.count == 5_000)
      for size in [1_000, 4_999, 5_000, 20_000] {
        #expect(try await data("/stream-bytes/5000?seed=7&chunk_size=\(size)") == whole)
      }
      #expect(try await data("/bytes/0").isEmpty)
      let dripped = try await data("/drip?duration=0.2&numbytes=20&delay=0")
      #expect(dripped == Data(repeating: UInt8(ascii: "*"), count: 20))
    }

    @Test("A body beyond the bound is left, known or not how long it is; it is no failure")
    func bound() async throws {
      let httpbin = try Peers.current.httpbin
      let breaker = CircuitBreaker("httpbin", trip: .consecutiveFailures(1))
      let policy = Pipeline("httpbin") {
        threeAttempts()
        breaker
      }
      let mark = httpbin.mark
      for path in ["/bytes/20000", "/stream-bytes/20000?chunk_size=1000"] {
        #expect(try await data(path, upTo: 20_000, through: policy).count == 20_000)
        let error = await #expect(throws: ResponseTooLarge.self) {
          try await data(path, upTo: 19_999, through: policy)
        }
        #expect(error?.limit == 19_999)
        await #expect(throws: ResponseTooLarge.self) {
          try await data(path, upTo: 0, through: policy)
        }
      }
      #expect(breaker.state == .closed)
      #expect(try await httpbin.log(of: "/", since: mark).count == 6)
    }

    @Test("The server sees method, path, query, header fields and body as they were given")
    func echo() async throws {
      let service = try service(headers: ["X-Token": "t", "X-Two": "1"])
      let note = Note(id: 7, text: "ä “quoted” \n")
      let item = "a b/ü?&"
      for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let query = [
          URLQueryItem(name: "q", value: "1 + 1 = 2"), URLQueryItem(name: "ö", value: ""),
        ]
        let fields: HTTPHeaders = ["X-Two": "2"]
        let path: HTTPPath = "anything/\(item)"
        let echo =
          switch method {
          case "POST":
            try await service.post(path, body: note, query: query, headers: fields, as: Echo.self)
          case "PUT":
            try await service.put(path, body: note, query: query, headers: fields, as: Echo.self)
          case "PATCH":
            try await service.patch(path, body: note, query: query, headers: fields, as: Echo.self)
          default:
            try await service.delete(path, query: query, headers: fields, as: Echo.self)
          }
        #expect(echo.method == method)
        #expect(echo.args == ["q": "1 + 1 = 2", "ö": ""])
        #expect(echo.headers["X-Token"] == "t" && echo.headers["X-Two"] == "2")
        #expect(echo.headers["Accept"] == "application/json")
        if method != "DELETE" {
          #expect(echo.headers["Content-Type"] == "application/json")
          #expect(try JSONDecoder().decode(Note.self, from: Data(echo.data.utf8)) == note)
        }
      }
      let mark = try Peers.current.httpbin.mark
      _ = try await service.get("anything/\(item)", as: Echo.self)
      let line = try await Peers.current.httpbin.log(of: "/anything", since: mark).first
      #expect(line?.uri == "/anything/a%20b%2F%C3%BC%3F%26")
    }

    @Test("A long body arrives whole, and is sent anew for each attempt")
    func longBody() async throws {
      let body = String(repeating: "0123456789", count: 100_000)
      let peers = try Peers.current
      let (data, _) = try await session.data(
        for: try peerRequest(
          peers.httpbin.url,
          "/anything/long",
          "PUT",
          headers: ["Content-Type": "text/plain"],
          body: body
        ),
        through: threeAttempts()
      )
      #expect(try JSONDecoder().decode(Echo.self, from: data).data == body)
      // nginx reads the whole body before it finds that there is no server behind it.
      let error = await #expect(throws: HTTPStatusError.self) {
        try await session.data(
          for: try peerRequest(peers.web, "/down/long", "PUT", body: body),
          through: threeAttempts()
        )
      }
      #expect(error?.status == 502)
      let lengths = try await peers.nginx.log(of: "/down/long").map { Int($0.length ?? "") ?? 0 }
      #expect(lengths.count == 3 && lengths.allSatisfy { $0 > body.utf8.count })
    }

    @Test("The server sees the criticality that was stated, at every attempt, and none unstated")
    func criticality() async throws {
      let peers = try Peers.current
      let mark = peers.httpbin.mark
      for criticality in Criticality.allCases {
        try await withCriticality(criticality) {
          let echo = try await service().get("anything/\(criticality)", as: Echo.self)
          #expect(echo.headers["X-Request-Criticality"] == "\(criticality)")
          await #expect(throws: HTTPStatusError.self) {
            try await data("/status/503", through: threeAttempts())
          }
        }
      }
      let seen = try await peers.httpbin.log(of: "/status/503", since: mark).map(\.criticality)
      #expect(seen == Criticality.allCases.flatMap { Array(repeating: "\($0)", count: 3) })
      let echo = try await service().get("anything", as: Echo.self)
      #expect(echo.headers["X-Request-Criticality"] == nil)
    }

    @Test("JSON is decoded, and what is none says so")
    func typed() async throws {
      struct Page: Decodable {
        struct Show: Decodable {
          struct Slide: Decodable { let title: String }
          let author: String
          let slides: [Slide]
        }
        let slideshow: Show
      }
      let httpbin = try Peers.current.httpbin
      let show = try await service().get("json", as: Page.self).slideshow
      #expect(show.author == "Yours Truly" && show.slides.count == 2)
      let mark = httpbin.mark
      let page = await #expect(throws: UnexpectedContentType.self) {
        try await service().get("html", as: Page.self)
      }
      #expect(page?.contentType.hasPrefix("text/html") == true)
      #expect(page?.bodyExcerpt.utf8.count ?? 0 <= 1_024)
      await #expect(throws: UnexpectedContentType.self) {
        try await service().get("xml", as: Page.self)
      }
      let error = await #expect(throws: HTTPDecodingError.self) {
        try await service().get("get", as: Page.self)
      }
      #expect(error?.expected == "Page")
      #expect(try await httpbin.log(of: "/", since: mark).count == 3)
    }

    @Test("Cookies are kept by a session, and by that one only")
    func cookies() async throws {
      struct Jar: Decodable { let cookies: [String: String] }
      let service = try service()
      let first = try await service.get("cookies/set/taste/sweet", as: Jar.self)
      #expect(first.cookies == ["taste": "sweet"])
      #expect(try await service.get("cookies", as: Jar.self).cookies == ["taste": "sweet"])
      let other = HTTPService(
        baseURL: try Peers.current.httpbin.url,
        session: .fresh(),
        pipeline: NoPolicy()
      )
      #expect(try await other.get("cookies", as: Jar.self).cookies == [:])
    }

    @Test("Credentials of the request and of the session's delegate are accepted, others refused")
    func basicAuthentication() async throws {
      struct Login: Decodable { let user: String }
      let httpbin = try Peers.current.httpbin
      let right = "Basic " + Data("ann:secret".utf8).base64EncodedString()
      let login = try await service(headers: ["Authorization": right])
        .get("basic-auth/ann/secret", as: Login.self)
      #expect(login.user == "ann")
      let mark = httpbin.mark
      let error = await #expect(throws: HTTPStatusError.self) {
        try await service().get("basic-auth/ann/secret", as: Login.self)
      }
      #expect(error?.status == 401)
      #expect(try await httpbin.log(of: "/basic-auth", since: mark).count == 1)
      let delegate = Credentials(user: "ann", password: "secret")
      let session = URLSession(configuration: .ephemeral, delegate: delegate, delegateQueue: nil)
      let (_, response) = try await session.data(
        for: try peerRequest(httpbin.url, "/basic-auth/ann/secret"),
        through: NoPolicy()
      )
      #expect(response.statusCode == 200)
    }
  }
}

/// Answers a challenge once.
private final class Credentials: NSObject, URLSessionTaskDelegate, Sendable {
  private let user: String
  private let password: String

  init(user: String, password: String) {
    self.user = user
    self.password = password
  }

  func urlSession(
    _ session: URLSession,
    task: URLSessionTask,
    didReceive challenge: URLAuthenticationChallenge,
    completionHandler:
      @Sendable @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    let credential = URLCredential(user: user, password: password, persistence: .none)
    completionHandler(
      challenge.previousFailureCount == 0 ? .useCredential : .cancelAuthenticationChallenge,
      credential
    )
  }
}
