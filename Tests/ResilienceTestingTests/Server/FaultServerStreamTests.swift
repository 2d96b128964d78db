import Foundation
import ResilienceTesting
import Testing

@Suite("Streamed answers")
struct FaultServerStreamTests {
  private struct Broken: Error {}

  private func server() throws -> FaultServer {
    try FaultServer {
      Route(.get, "/pieces") { _ in
        .stream(headers: ["X-Kind": "pieces"]) { write in
          for piece in ["one", "", "two", "three"] { try await write(Data(piece.utf8)) }
        }
      }
      Route(.get, "/broken") { _ in
        .stream { write in
          try await write(Data("one".utf8))
          throw Broken()
        }
      }
    }
  }

  private func answer(_ server: FaultServer, _ request: String) async throws -> String {
    let client = try RawClient(server.port)
    await client.send(request)
    return await client.receiveAll().text
  }

  @Test("Pieces go out as chunks, an empty one not at all")
  func chunks() async throws {
    let text = try await answer(
      server(),
      "GET /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    #expect(text.contains("Transfer-Encoding: chunked\r\n"))
    #expect(text.contains("X-Kind: pieces\r\n"))
    #expect(!text.contains("Content-Length"))
    #expect(text.hasSuffix("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"))
  }

  @Test("A client of HTTP/1.0 gets them as they are, and then the end of the connection")
  func oldClient() async throws {
    let text = try await answer(server(), "GET /pieces HTTP/1.0\r\n\r\n")
    #expect(!text.contains("chunked"))
    #expect(text.hasSuffix("\r\n\r\nonetwothree"))
  }

  @Test("HEAD has the same head and no body")
  func head() async throws {
    let text = try await answer(
      server(),
      "HEAD /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    #expect(text.hasSuffix("\r\n\r\n"))
    #expect(!text.contains("one"))
  }

  @Test("A body whose writer throws breaks off without its last chunk")
  func broken() async throws {
    let text = try await answer(
      server(),
      "GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    #expect(text.hasSuffix("3\r\none\r\n"))
  }
}
