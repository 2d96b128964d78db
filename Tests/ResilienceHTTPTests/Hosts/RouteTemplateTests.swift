import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("Route template")
struct RouteTemplateTests {
  @Test(
    "A path matches by its segments",
    arguments: [
      ("/users/{id}", "/users/42", true), ("/users/{id}", "/users/a%2Fb", true),
      ("/users/{id}", "/users/", false), ("/users/{id}", "/users", false),
      ("/users/{id}", "/users/42/", false), ("/users/{id}", "/users/42/posts", false),
      ("/users/{id}", "/Users/42", false), ("/users/{id}", "users/42", false),
      ("/users/{id}/posts", "/users/1/posts", true), ("/{a}/{b}", "/x/y", true),
      ("/", "/", true), ("/", "", true), ("/", "/a", false), ("/a/", "/a/", true),
      ("/a/", "/a", false), ("/caf\u{e9}", "/caf%C3%A9", true), ("/caf%C3%A9", "/caf%C3%A9", true),
      ("/a%2Fb", "/a/b", false), ("/a%2Fb", "/a%2fb", true), ("/a%", "/a%", true),
      ("//", "//", true),
    ]
  )
  func matching(template: String, path: String, expected: Bool) throws {
    #expect(try RouteTemplate(validating: template).matches(path) == expected)
  }

  @Test(
    "What is no template is refused with the reason",
    arguments: [
      "", "users", "/{id", "/id}", "/{}", "/a{id}", "/{id}b", "/{a}{b}", "/{{a}}", "/a?b", "/a#b",
      "/" + String(repeating: "a", count: 1_024), String(repeating: "/a", count: 64),
    ]
  )
  func refused(text: String) {
    let error = #expect(throws: InvalidSetting.self) { try RouteTemplate(validating: text) }
    #expect(error?.setting == "route template")
    #expect((error?.value.count ?? .max) <= 100)
  }

  @Test("As many segments as there may be are read")
  func most() throws {
    let template = try RouteTemplate(validating: String(repeating: "/a", count: 63))
    #expect(template.matches(String(repeating: "/a", count: 63)))
  }

  @Test("A path of a million segments is refused without taking it apart")
  func huge() {
    let path = String(repeating: "/a", count: 1_000_000)
    let template: RouteTemplate = "/{a}/{b}"
    #expect((0..<20).allSatisfy { _ in !template.matches(path) })
  }

  @Test("A wrong template in code stops the program")
  func precondition() async {
    await #expect(processExitsWith: .failure) { _ = "users" as RouteTemplate }
  }
}
