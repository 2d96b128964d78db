import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Stand-in for a REST service")
struct RESTClientTests {
  /// Answers each call with what it was sent.
  private struct Echo: RESTClient {
    struct NotSent: Error {}

    func send(
      _ method: String,
      _ path: HTTPPath,
      query: [URLQueryItem],
      headers: HTTPHeaders,
      body: HTTPBody?,
      idempotencyKey: IdempotencyKey?,
      isRepeatable: Bool?
    ) async throws -> (Data, HTTPURLResponse) {
      let url = try #require(URL(string: "http://x"))
      let head = HTTPURLResponse(url: url, statusCode: 204, httpVersion: nil, headerFields: nil)
      return (Data(), try #require(head))
    }

    func send<Value: Decodable>(
      _ method: String,
      _ path: HTTPPath,
      query: [URLQueryItem],
      headers: HTTPHeaders,
      body: HTTPBody?,
      idempotencyKey: IdempotencyKey?,
      isRepeatable: Bool?,
      as type: Value.Type
    ) async throws -> Value {
      guard let value = "\(method) \(path)" as? Value else { throw NotSent() }
      return value
    }

    func encode(_ value: some Encodable) throws -> Data { try JSONEncoder().encode(value) }
  }

  @Test("It has all methods, and its users need not know which client it is")
  func methods() async throws {
    let client: any RESTClient = Echo()
    #expect(try await client.get("notes/\(1)", as: String.self) == "GET notes/1")
    #expect(try await client.post("notes", body: 1, as: String.self) == "POST notes")
    #expect(try await client.put("notes", body: 1, as: String.self) == "PUT notes")
    #expect(try await client.patch("notes", body: 1, as: String.self) == "PATCH notes")
    #expect(try await client.delete("notes", as: String.self) == "DELETE notes")
    try await client.delete("notes")
    await #expect(throws: Echo.NotSent.self) { try await client.get("notes", as: Int.self) }
  }
}
