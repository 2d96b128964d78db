import Testing

@testable import ResilienceTesting

@Suite("Routes")
struct RouterTests {
  @Test(
    "A template matches a path, or does not",
    arguments: [
      ("/", "/", [:]),
      ("/users", "/users", [:]),
      ("/users", "/users/", nil),
      ("/users/{id}", "/users/42", ["id": "42"]),
      ("/users/{id}", "/users/", nil),
      ("/users/{id}", "/users/a%2Fb", ["id": "a/b"]),
      ("/users/{id}", "/users/a/b", nil),
      ("/users/{id}", "/Users/1", nil),
      ("/users/{id}", "/%75sers/1", ["id": "1"]),
      ("/{a}/{b}", "/x/y%20z", ["a": "x", "b": "y z"]),
      ("/{a}", "/%FF", ["a": "\u{FFFD}"]),
      ("/{a}", "/+", ["a": "+"]),
    ] as [(String, String, [String: String]?)]
  )
  func match(template: String, path: String, parameters: [String: String]?) {
    #expect(PathTemplate(template).match(path) == parameters)
  }

  @Test("A query is decoded after it was split")
  func query() {
    let query = ServerQuery("a=1&b=x+y%26&a=2&flag&=v&c=%zz")
    #expect(query["a"] == "1")
    #expect(query.values(of: "a") == ["1", "2"])
    #expect(query["b"] == "x y&")
    #expect(query["flag"] == "")
    #expect(query[""] == "v")
    #expect(query["c"] == "%zz")
    #expect(query["d"] == nil)
  }

  @Test("Header names compare without case, and a set value replaces all")
  func headers() {
    var headers: ServerHeaders = ["A": "1", "b": "2", "a": "3"]
    #expect(headers["a"] == "1")
    #expect(headers.values(of: "A") == ["1", "3"])
    headers["a"] = "4"
    #expect(headers.values(of: "A") == ["4"])
    headers["B"] = nil
    #expect(headers.fields.map(\.name) == ["a"])
  }

  private let router = Router(routes: [
    Route(.get, "/a/first") { _ in .text("first") },
    Route(.get, "/a/{name}") { .text($0.parameters["name"] ?? "") },
    Route(.put, "/a/{name}") { _ in .status(204) },
    Route(.head, "/h") { _ in .status(202) },
    Route(.get, "/h") { _ in .status(200) },
    Route(.get, "/fails") { _ in throw CancellationError() },
  ])

  @Test(
    "The first route that matches answers",
    arguments: [
      ("GET", "/a/first", 200, "first"),
      ("GET", "/a/second", 200, "second"),
      ("HEAD", "/a/second", 200, "second"),
      ("HEAD", "/h", 202, ""),
      ("PUT", "/a/first", 204, ""),
      ("GET", "/b", 404, "No route has this path.\n"),
      ("DELETE", "/a/x", 405, "No route has this method here.\n"),
      ("get", "/a/x", 405, "No route has this method here.\n"),
      ("GET", "/fails", 500, "The handler failed.\n"),
    ]
  )
  func respond(method: String, path: String, status: Int, body: String) async throws {
    let response = try await router.respond(to: .sample(method, path))
    #expect(response.status == status)
    #expect(String(decoding: response.body, as: UTF8.self) == body)
  }

  @Test("405 names the methods that would do")
  func allow() async throws {
    let response = try await router.respond(to: .sample("POST", "/a/x"))
    #expect(response.headers["Allow"] == "GET, HEAD, PUT")
  }

  @Test("A template that makes no sense is a programming error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = PathTemplate("users") }
    await #expect(processExitsWith: .failure) { _ = PathTemplate("/{id") }
    await #expect(processExitsWith: .failure) { _ = PathTemplate("/a{id}") }
    await #expect(processExitsWith: .failure) { _ = PathTemplate("/{}") }
    await #expect(processExitsWith: .failure) { _ = PathTemplate("/{a}/{a}") }
  }
}
