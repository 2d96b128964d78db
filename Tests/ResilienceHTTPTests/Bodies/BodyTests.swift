import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Bodies of requests and files")
struct BodyTests {
  private let server: FaultServer
  private let session = URLSession.fresh()
  private let folder: Folder

  init() throws {
    server = try FaultServer {
      for method in [ServerRequest.Method.post, .put] {
        Route(method, "/echo") { request in ServerResponse(body: request.body) }
        Route(method, "/moved/{status}") { request in
          let status = request.parameters["status"].flatMap { Int($0) } ?? 0
          return .status(status, headers: ["Location": "/echo"])
        }
      }
      Route(.get, "/echo") { request in .text("GET with \(request.body.count)") }
      Route(.get, "/bytes/{count}") { request in
        let count = request.parameters["count"].flatMap { Int($0) } ?? 0
        return ServerResponse(body: Data(repeating: 0x61, count: count))
      }
    }
    folder = try Folder()
  }

  /// A folder of this test's own, removed with it.
  private final class Folder: Sendable {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ data: Data? = nil) throws -> URL {
      let file = url.appending(path: name)
      try data?.write(to: file)
      return file
    }

    var names: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }
  }

  private static let bytes = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

  private enum Kind: String, CaseIterable { case data, file, streams, once }

  private func body(_ kind: Kind) throws -> HTTPBody {
    switch kind {
    case .data: .data(Self.bytes)
    case .file: .file(try folder.file("in", Self.bytes))
    case .streams: .streams { InputStream(data: Self.bytes) }
    case .once: .once(InputStream(data: Self.bytes))
    }
  }

  @Test("Each kind of body arrives whole", arguments: Kind.allCases)
  private func arrives(kind: Kind) async throws {
    let (data, _) = try await session.data(
      for: server.request("echo", "POST"),
      body: try body(kind),
      through: NoPolicy()
    )
    #expect(data == Self.bytes)
  }

  @Test(
    "Each kind that can be had again is sent again whole",
    arguments: [Kind.data, .file, .streams]
  )
  private func again(kind: Kind) async throws {
    server.inject(.status(503), .next(2))
    let (data, _) = try await session.data(
      for: server.request("echo", "PUT"),
      body: try body(kind),
      through: threeAttempts()
    )
    #expect(data == Self.bytes)
    #expect(server.requestCount == 3)
  }

  @Test("A body that can be sent once is sent once, and the first attempt's error comes out")
  func once() async throws {
    server.inject(.status(503))
    let retry = Retry(attempts: 3, backoff: .none) { _ in Issue.record("a retry was begun") }
    let error = try await #require(throws: HTTPStatusError.self) {
      try await session.data(
        for: server.request("echo", "PUT"),
        body: try body(.once),
        through: retry,
        isRepeatable: true
      )
    }
    #expect(error.status == 503)
    #expect(server.requestCount == 1)
  }

  @Test("Not even a refused connection is tried again with it, nor by a policy that does not ask")
  func refused() async throws {
    server.inject(.refuse)
    struct Stubborn: Policy {
      func run<T>(_ operation: () async throws -> T) async throws -> T {
        for _ in 1...2 { if let value = try? await operation() { return value } }
        return try await operation()
      }
    }
    let error = try await #require(throws: URLError.self) {
      try await session.data(
        for: server.request("echo", "PUT"),
        body: try body(.once),
        through: Stubborn()
      )
    }
    #expect(error.code == .cannotConnectToHost)
  }

  @Test("A retry does not even pause for a 425, which any other request is repeated on")
  func tooEarly() async throws {
    server.inject(.status(425))
    let retry = Retry(attempts: 3, backoff: .none) { _ in Issue.record("a retry was begun") }
    await #expect(throws: HTTPStatusError.self) {
      try await session.data(
        for: server.request("echo", "PUT"),
        body: try body(.once),
        through: retry
      )
    }
    #expect(server.requestCount == 1)
  }

  @Test("One stream is for one call")
  func usedUp() async throws {
    let body = try body(.once)
    _ = try await session.data(for: server.request("echo", "PUT"), body: body, through: NoPolicy())
    let error = try await #require(throws: URLError.self) {
      try await session.data(for: server.request("echo", "PUT"), body: body, through: NoPolicy())
    }
    #expect(error.code == .requestBodyStreamExhausted)
    #expect(server.requestCount == 1)
  }

  @Test("A file that is missing is the caller's mistake")
  func missing() async throws {
    let error = try await #require(throws: URLError.self) {
      try await session.data(
        for: server.request("echo", "PUT"),
        body: .file(try folder.file("none")),
        through: threeAttempts()
      )
    }
    #expect(error.code == .fileDoesNotExist)
    #expect(error.verdict == .ignored)
    #expect(server.requestCount == 0)
  }

  @Test("A 307 and 308 send the body again, a 302 and 303 turn a POST into a GET")
  func redirects() async throws {
    for (status, expected) in [(307, Self.bytes), (308, Self.bytes)] {
      let (data, _) = try await session.data(
        for: server.request("moved/\(status)", "POST"),
        body: try body(.data),
        through: NoPolicy()
      )
      #expect(data == expected)
    }
    for status in [302, 303] {
      let (data, _) = try await session.data(
        for: server.request("moved/\(status)", "POST"),
        body: try body(.data),
        through: NoPolicy()
      )
      #expect(data == Data("GET with 0".utf8))
    }
    let (_, response) = try await session.data(
      for: server.request("moved/307", "POST"),
      body: try body(.once),
      through: NoPolicy()
    )
    #expect(response.statusCode == 307)
  }

  // MARK: Downloads

  private func download(
    _ path: String,
    to file: URL,
    through policy: some Policy = NoPolicy(),
    maxResponseBytes: Int = URLSession.defaultMaxStreamedBytes
  ) async throws {
    try await session.download(
      for: server.request(path),
      to: file,
      through: policy,
      maxResponseBytes: maxResponseBytes
    )
  }

  @Test("A download replaces the file, and leaves nothing else")
  func downloaded() async throws {
    let file = try folder.file("out", Data("old".utf8))
    try await download("bytes/3000000", to: file)
    #expect(try Data(contentsOf: file) == Data(repeating: 0x61, count: 3_000_000))
    #expect(folder.names == ["out"])
  }

  @Test("A download that breaks off begins anew, and the whole body is in the file")
  func retried() async throws {
    server.inject(.truncatedBody, .next(2))
    let file = try folder.file("out")
    try await download("bytes/100000", to: file, through: threeAttempts())
    #expect(try Data(contentsOf: file).count == 100_000)
    #expect(folder.names == ["out"])
    #expect(server.requestCount == 3)
  }

  @Test(
    "A download that fails leaves the old file, and nothing else",
    arguments: [
      ServerFault.truncatedBody, .reset(.inBody), .status(503), .status(404), .endlessBody,
      .inflating(), .garbage(),
    ]
  )
  func failed(fault: ServerFault) async throws {
    server.inject(fault)
    let file = try folder.file("out", Data("old".utf8))
    await #expect(throws: (any Error).self) {
      try await download("bytes/100000", to: file, maxResponseBytes: 1_000_000)
    }
    #expect(try Data(contentsOf: file) == Data("old".utf8))
    #expect(folder.names == ["out"])
  }

  @Test("A cancelled download leaves nothing")
  func cancelled() async throws {
    server.inject(.drip(200, every: .milliseconds(1)))
    let file = try folder.file("out")
    let (session, server, folder) = (session, server, folder)
    let task = Task {
      try await session.download(
        for: server.request("bytes/9000000"),
        to: file,
        through: NoPolicy()
      )
    }
    while folder.names.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(folder.names.isEmpty)
  }

  @Test("A folder that is missing is not the service's fault, and is not retried")
  func noFolder() async throws {
    let file = folder.url.appending(path: "no/such/folder")
    let error = try await #require(throws: FileNotWritten.self) {
      try await download("bytes/10", to: file, through: threeAttempts())
    }
    #expect(error.verdict == .ignored)
    #expect(server.requestCount == 1)
  }
}
