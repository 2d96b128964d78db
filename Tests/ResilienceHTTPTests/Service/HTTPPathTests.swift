import Foundation
import Testing

@testable import ResilienceHTTP

@Suite("Path")
struct HTTPPathTests {
  private func join(_ base: String, _ path: HTTPPath, _ query: [URLQueryItem] = []) throws -> String
  {
    try #require(URL(string: base)).appending(path, query: query).absoluteString
  }

  @Test(
    "It is joined with one slash",
    arguments: [
      ("http://h", "users/1", "http://h/users/1"), ("http://h/", "users/1", "http://h/users/1"),
      ("http://h/v1", "/users/1", "http://h/v1/users/1"),
      ("http://h/v1/", "//users/1", "http://h/v1/users/1"),
      ("http://h/v1/", "//evil.org/x", "http://h/v1/evil.org/x"),
      ("http://h/v1", "http://evil.org", "http://h/v1/http://evil.org"),
      ("http://h/v1", "users/", "http://h/v1/users/"), ("http://h/v1", "", "http://h/v1/"),
      ("http://h/a%2Fb", "c d", "http://h/a%2Fb/c%20d"),
      ("http://h", "a?b#c%20;é", "http://h/a%3Fb%23c%2520;%C3%A9"),
      ("http://h", "a\\b\r\n\0", "http://h/a%5Cb%0D%0A%00"), ("http://h/#top", "a", "http://h/a"),
      ("http://h", "@evil.org", "http://h/@evil.org"), ("http://h", "...", "http://h/..."),
    ]
  )
  func joining(base: String, path: String, expected: String) throws {
    #expect(try join(base, HTTPPath(path)) == expected)
  }

  @Test(
    "A value stays within its segment",
    arguments: [
      ("1", "users/1/posts"), ("a/b", "users/a%2Fb/posts"), ("../x", "users/..%2Fx/posts"),
      ("x?y#z", "users/x%3Fy%23z/posts"), ("%2e%2e", "users/%252e%252e/posts"),
      ("a b+c", "users/a%20b%2Bc/posts"), ("/", "users/%2F/posts"),
    ]
  )
  func interpolation(value: String, expected: String) {
    let path: HTTPPath = "users/\(value)/posts"
    #expect(path.description == expected)
  }

  @Test("Numbers may be interpolated")
  func numbers() {
    let path: HTTPPath = "users/\(42)"
    #expect(path.description == "users/42")
  }

  @Test(
    "It cannot leave the base address",
    arguments: ["..", "../x", "a/../../b", ".", "a/.", "/.."]
  )
  func escape(path: String) throws {
    #expect(throws: InvalidPath.self) { try join("http://h/v1", HTTPPath(path)) }
  }

  @Test("A value cannot make the path leave its place", arguments: ["", ".", ".."])
  func badValues(value: String) throws {
    #expect(throws: InvalidPath.self) { try join("http://h/v1", "users/\(value)") }
    #expect(throws: InvalidPath.self) { try join("http://h/v1", "\(value)/users") }
  }

  @Test("A literal and a value together make no way up")
  func composed() throws {
    #expect(throws: InvalidPath.self) { try join("http://h/v1", "users/.\(".")/x") }
  }

  @Test("A query is encoded, in order, after that of the base address")
  func query() throws {
    let items = [
      URLQueryItem(name: "q", value: "a+b&c=d e"), URLQueryItem(name: "flag", value: nil),
      URLQueryItem(name: "q", value: ""),
    ]
    #expect(
      try join("http://h/v1?key=1", "x", items)
        == "http://h/v1/x?key=1&q=a%2Bb%26c%3Dd%20e&flag&q="
    )
  }
}
