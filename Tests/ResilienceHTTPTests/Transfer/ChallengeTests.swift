import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A call that a server challenged used to wait for ever where there was no credential to answer with,
/// and the process was ended by a credential for “Digest”.
@Suite("Challenges for credentials", .timeLimit(.minutes(1)))
struct ChallengeTests {
  private let server: FaultServer

  init() throws {
    server = try FaultServer {
      Route(.post, "/Upload") { request in
        guard request.headers["Authorization"] == nil else {
          return ServerResponse(status: 200, body: request.body)
        }
        return ServerResponse(status: 401, headers: ["WWW-Authenticate": #"Basic realm="r""#])
      }
      for scheme in ["Basic", "Digest", "Bearer"] {
        Route(.get, "/\(scheme)") { request in
          guard request.headers["Authorization"] != "Basic YW5uOnNlY3JldA==" else {
            return .text("welcome")
          }
          return ServerResponse(
            status: 401,
            headers: ["WWW-Authenticate": #"\#(scheme) realm="r", nonce="n""#],
            body: Data("who?".utf8)
          )
        }
      }
    }
  }

  private func session(_ delegate: (any URLSessionDelegate)?) -> URLSession {
    URLSession(configuration: .ephemeral, delegate: delegate, delegateQueue: nil)
  }

  @Test(
    "Without a credential the challenge is the answer",
    arguments: ["Basic", "Digest", "Bearer"]
  )
  func unanswered(scheme: String) async throws {
    for delegate in [nil, Answering(.performDefaultHandling), Answering(.rejectProtectionSpace)] {
      let before = server.requestCount
      let (body, response) = try await session(delegate)
        .data(for: server.request(scheme), through: threeAttempts())
      #expect(response.statusCode == 401)
      #expect(body == Data("who?".utf8))
      #expect(server.requestCount == before + 1)
    }
  }

  @Test("It is, too, where the body is read while it arrives")
  func streamed() async throws {
    let status = try await session(nil).stream(for: server.request("Basic"), through: NoPolicy()) {
      response,
      body in
      var bytes = Data()
      for try await piece in body { bytes += piece }
      #expect(bytes == Data("who?".utf8))
      return response.statusCode
    }
    #expect(status == 401)
  }

  @Test("The delegate's credential is tried, once per challenge, and one that is wrong refused")
  func answered() async throws {
    let right = URLCredential(user: "ann", password: "secret", persistence: .none)
    let (body, _) = try await session(Answering(.useCredential, right))
      .data(for: server.request("Basic"), through: NoPolicy())
    #expect(body == Data("welcome".utf8))
    let wrong = URLCredential(user: "ann", password: "?", persistence: .none)
    let (_, response) = try await session(Answering(.useCredential, wrong))
      .data(for: server.request("Basic"), through: NoPolicy())
    #expect(response.statusCode == 401)
    #expect(server.requestCount == 4)
  }

  @Test(
    "A body that was read from a stream is not sent again with a credential, one from memory is"
  )
  func body() async throws {
    let right = URLCredential(user: "ann", password: "secret", persistence: .none)
    let session = session(Answering(.useCredential, right))
    let bytes = Data("in full".utf8)
    for body in [HTTPBody.once(InputStream(data: bytes)), .streams { InputStream(data: bytes) }] {
      let before = server.requestCount
      let (_, response) = try await session.data(
        for: server.request("Upload", "POST"),
        body: body,
        through: NoPolicy()
      )
      #expect(response.statusCode == 401)
      #expect(server.requestCount == before + 1)
    }
    let (echo, _) = try await session.data(
      for: server.request("Upload", "POST"),
      body: .data(bytes),
      through: NoPolicy()
    )
    #expect(echo == bytes)
  }

  @Test("A delegate may give the call up")
  func givenUp() async throws {
    let error = await #expect(throws: URLError.self) {
      try await session(Answering(.cancelAuthenticationChallenge))
        .data(for: server.request("Basic"), through: threeAttempts())
    }
    #expect(error?.verdict == .ignored)
    #expect(server.requestCount == 1)
  }
}

/// Answers the first challenge of a task, and lets the others stand.
private final class Answering: NSObject, URLSessionTaskDelegate, Sendable {
  private let disposition: URLSession.AuthChallengeDisposition
  private let credential: URLCredential?

  init(_ disposition: URLSession.AuthChallengeDisposition, _ credential: URLCredential? = nil) {
    self.disposition = disposition
    self.credential = credential
  }

  func urlSession(
    _ session: URLSession,
    task: URLSessionTask,
    didReceive challenge: URLAuthenticationChallenge,
    completionHandler:
      @Sendable @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    guard challenge.previousFailureCount == 0 else {
      return completionHandler(.performDefaultHandling, nil)
    }
    completionHandler(disposition, credential)
  }
}
