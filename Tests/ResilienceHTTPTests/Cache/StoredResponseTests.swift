import Foundation
import Resilience
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("What may be kept, and how old it may be used")
struct StoredResponseTests {
  private static let present = 784_111_777  // Sun, 06 Nov 1994 08:49:37 GMT

  private func asked(_ headers: HTTPHeaders = [:], method: String = "GET") throws -> AskedResource?
  {
    var request = URLRequest(url: try #require(URL(string: "http://a.test/x?y#z")))
    request.httpMethod = method
    for name in headers.names { request.setValue(headers[name], forHTTPHeaderField: name) }
    return AskedResource(request, by: .shared)
  }

  private func stored(
    _ headers: [String: String],
    to request: HTTPHeaders = [:],
    status: Int = 200,
    delay: Duration = .zero
  ) throws -> StoredResponse? {
    let url = try #require(URL(string: "http://a.test/x"))
    let response = try #require(
      HTTPURLResponse(url: url, statusCode: status, httpVersion: nil, headerFields: headers)
    )
    let arrival = StoredResponse.Arrival(
      asked: .origin,
      received: Moment(delay),
      date: Self.present
    )
    return StoredResponse(Data("x".utf8), response, to: try #require(try asked(request)), arrival)
  }

  @Test(
    "Only whole successes are kept",
    arguments: [
      (200, true), (203, true), (204, true), (201, false), (206, false), (302, false), (404, false),
    ]
  )
  func statuses(status: Int, expected: Bool) throws {
    #expect((try stored([:], status: status) != nil) == expected)
  }

  @Test("What one side forbids is not kept; what is private is, since this cache is")
  func forbidden() throws {
    #expect(try stored(["Cache-Control": "max-age=60, no-store"]) == nil)
    #expect(try stored(["Cache-Control": "no-cache"]) == nil)
    #expect(try stored([:], to: ["Cache-Control": "no-store"]) == nil)
    #expect(try stored(["Vary": "*"]) == nil && stored(["Vary": "Accept, *"]) == nil)
    let names = (0..<17).map { "x-\($0)" }
    #expect(try stored(["Vary": names.joined(separator: ",")]) == nil)
    #expect(try stored(["Vary": names.dropFirst().joined(separator: ",")]) != nil)
    #expect(try stored(["Cache-Control": "private, max-age=60"]) != nil)
    #expect(try stored(["Cache-Control": "public"], to: ["Authorization": "a"]) != nil)
    #expect(try stored(["Vary": " Accept ,ACCEPT,, Foo"])?.varying == ["accept", "foo"])
  }

  @Test("Only a GET for the whole has a resource")
  func resource() throws {
    #expect(try asked()?.key.address == "http://a.test/x?y")
    #expect(try asked(method: "POST") == nil && asked(method: "HEAD") == nil)
    #expect(try asked(["Range": "bytes=0-1"]) == nil)
    let plain = try asked()?.key
    for name in ["Authorization", "Cookie", "Proxy-Authorization"] {
      let one = try asked([name: "a"])?.key
      #expect(try one != plain && one != asked([name: "b"])?.key && one == asked([name: "a"])?.key)
    }
    #expect(try asked(["Authorization": "a"])?.key != asked(["Cookie": "a"])?.key)
  }

  @Test("What the session adds to each request counts as the request's, but for what it has itself")
  func session() throws {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpAdditionalHeaders = ["Authorization": "a", "X": "1"]
    let session = URLSession(configuration: configuration)
    var request = URLRequest(url: try #require(URL(string: "http://a.test/")))
    let key = AskedResource(request, by: session)
    #expect(key?.key.identity == ["a", nil, nil] && key?.fields["x"] == "1")
    request.setValue("b", forHTTPHeaderField: "Authorization")
    #expect(AskedResource(request, by: session)?.key.identity == ["b", nil, nil])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let response: [String: String]
    let request: String?
    /// Seconds after it came up to which it is used; `nil` for never.
    let until: Int?

    var testDescription: String {
      "\(response) \(request ?? "") → \(until.map { "\($0)" } ?? "never")"
    }

    init(_ response: [String: String], _ request: String? = nil, until: Int?) {
      self.response = response
      self.request = request
      self.until = until
    }

    /// With a `Cache-Control` on one side or both.
    init(_ control: String, _ request: String? = nil, until: Int?) {
      self.init(["Cache-Control": control], request, until: until)
    }
  }

  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  @Test(
    "Up to which age a response is used: 100 s beyond its freshness if nobody says, 1000 s at most",
    arguments: [
      Case([:], until: 100), Case("max-age=60", until: 160), Case("stale-if-error=30", until: 30),
      Case("max-age=60, stale-if-error=30", until: 90),
      Case("max-age=60, stale-if-error=0", until: 59),
      Case("max-age=60, stale-if-error=5000", until: 1_060), Case("max-age=5000", until: 5_100),
      Case("max-age=60, stale-if-error=x", until: 59), Case("max-age=x", until: 100),
      Case("max-age=60, must-revalidate", until: 59), Case("must-revalidate", until: nil),
      Case("max-age=60, must-revalidate, stale-if-error=30", until: 59),
      Case("s-maxage=60, proxy-revalidate", until: 100),
      Case([:], "stale-if-error=30", until: 30), Case([:], "stale-if-error=300", until: 300),
      Case("stale-if-error=30", "stale-if-error=300", until: 30),
      Case("stale-if-error=300", "stale-if-error=30", until: 30),
      Case("max-age=60", "no-cache", until: nil), Case("max-age=60", "max-age=20", until: 20),
      Case("max-age=60", "max-age=0", until: 0), Case("max-age=60", "max-age=900", until: 160),
      Case(["Age": "10"], until: 90),
      Case(["Age": "10", "Cache-Control": "max-age=60"], until: 150),
      Case(["Age": "x"], until: 100), Case(["Age": "200"], until: nil),
      Case(["Date": date], until: 100), Case(["Date": "Sun, 06 Nov 1994 08:49:07 GMT"], until: 70),
      Case(["Date": "Sun, 06 Nov 1994 08:50:07 GMT"], until: 100),
      Case(["Date": "nonsense"], until: 100),
      Case(["Date": date, "Expires": "Sun, 06 Nov 1994 08:50:37 GMT"], until: 160),
      Case(["Expires": "Sun, 06 Nov 1994 08:50:37 GMT"], until: 160),
      Case(["Date": date, "Expires": "0"], until: 100),
      Case(["Date": date, "Expires": "Sun, 06 Nov 1994 07:00:00 GMT"], until: 100),
      Case(
        ["Date": date, "Expires": "Sun, 06 Nov 1994 08:50:37 GMT", "Cache-Control": "max-age=10"],
        until: 110
      ),
    ]
  )
  func ages(example: Case) throws {
    let stored = try #require(try stored(example.response))
    let control = CacheControl(example.request)
    let bounds = StaleBounds(whenUnsaid: .seconds(100), longest: .seconds(1_000))
    func isUsed(after seconds: Int) -> Bool {
      stored.use(at: Moment(.seconds(seconds)), by: control, within: bounds) != nil
    }
    guard let until = example.until else { return #expect(!isUsed(after: 0)) }
    #expect(isUsed(after: 0) && isUsed(after: until) && !isUsed(after: until + 1))
  }

  @Test("The time that a response took counts as age, and staleness begins where freshness ends")
  func use() throws {
    let bounds = StaleBounds(whenUnsaid: .seconds(100), longest: .seconds(1_000))
    let headers = ["Age": "5", "Cache-Control": "max-age=60"]
    let stored = try #require(try stored(headers, delay: .seconds(3)))
    func use(at seconds: Int) -> StoredResponse.Use? {
      stored.use(at: Moment(.seconds(seconds)), by: CacheControl(nil), within: bounds)
    }
    #expect(use(at: 3) == .init(age: .seconds(8), staleness: nil))
    #expect(use(at: 54) == .init(age: .seconds(59), staleness: nil))
    #expect(use(at: 55) == .init(age: .seconds(60), staleness: .zero))
    #expect(use(at: 65) == .init(age: .seconds(70), staleness: .seconds(10)))
    let head = stored.response(aged: .milliseconds(70_900))
    #expect(head.value(forHTTPHeaderField: "Age") == "70" && head.statusCode == 200)
    #expect(HTTPHeaders(head)["cache-control"] == "max-age=60")
    #expect(
      stored.response(aged: .seconds(Int64.max)).value(forHTTPHeaderField: "age") == "2147483648"
    )
  }
}
