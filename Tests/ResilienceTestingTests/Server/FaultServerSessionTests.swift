import Foundation
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Fault server and URLSession")
struct FaultServerSessionTests {
  private let server: FaultServer
  private let session = URLSession(configuration: .ephemeral)

  init() throws {
    server = try FaultServer.users()
  }

  @Test("A session gets and posts JSON")
  func json() async throws {
    let (data, _) = try await session.data(from: server.url.appending(path: "users/42"))
    #expect(try JSONDecoder().decode(User.self, from: data) == User(id: "42", name: "Ada"))

    var request = URLRequest(url: server.url.appending(path: "users"))
    request.httpMethod = "POST"
    request.httpBody = try JSONEncoder().encode(User(id: "1", name: "Bob"))
    let (created, response) = try await session.data(for: request)
    #expect((response as? HTTPURLResponse)?.statusCode == 201)
    #expect(try JSONDecoder().decode(User.self, from: created).name == "Bob")
  }

  @Test("A session reuses its connection")
  func reuse() async throws {
    for _ in 1...50 {
      _ = try await session.data(from: server.url.appending(path: "users/1"))
    }
    #expect(server.requestCount == 50)
    #expect(server.connectionCount == 1)
  }

  @Test(
    "Each broken answer is an error to a session",
    arguments: [.reset(.beforeHandler), .reset(.inHeaders), .reset(.inBody), .garbage()]
      as [ServerFault]
  )
  func broken(fault: ServerFault) async throws {
    server.inject(fault)
    await #expect(throws: URLError.self) {
      _ = try await session.data(from: server.url.appending(path: "users/1"))
    }
  }

  @Test("A refused connection is an error, and the session recovers after the healing")
  func refused() async throws {
    let outage = server.inject(.refuse)
    await #expect(throws: URLError.self) {
      _ = try await session.data(from: server.url.appending(path: "users/1"))
    }
    outage.heal()
    let (_, response) = try await session.data(from: server.url.appending(path: "users/1"))
    #expect((response as? HTTPURLResponse)?.statusCode == 200)
  }

  @Test("A cancelled session task cancels the request on the server")
  func cancelled() async throws {
    server.inject(.hang)
    let url = server.url.appending(path: "users/1")
    let task = Task { try await session.data(from: url) }
    await server.requests(atLeast: 1)
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }
  }
}
