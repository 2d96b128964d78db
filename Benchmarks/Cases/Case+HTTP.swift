import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension Case {
  /// A request over loopback, as the session sends it and through the adapter and a pipeline of four.
  ///
  /// Only timed: most of what happens is on other threads, and how often those wake up differs from
  /// run to run.
  static let http = [1, 32].flatMap { inFlight in
    [
      Case("http.bare.\(inFlight)", against: "http.bare.\(inFlight)", over: "http.bare.\(inFlight)")
      {
        try await share(calls: $0, among: inFlight) { peer in try await peer.call() }
      }
      .onlyTimed,
      Case(
        "http.adapter.\(inFlight)",
        against: "http.bare.\(inFlight)",
        over: "http.bare.\(inFlight)"
      ) {
        try await share(calls: $0, among: inFlight) { peer in try await peer.callThroughAdapter() }
      }
      .onlyTimed,
    ]
  }

  private static func share(
    calls: Int,
    among tasks: Int,
    _ call: @escaping @Sendable (HTTPPeer) async throws -> Void
  ) async throws {
    let peer = try HTTPPeer.shared.get()
    try await withThrowingDiscardingTaskGroup { group in
      for task in 0..<tasks {
        let share = calls / tasks + (task < calls % tasks ? 1 : 0)
        group.addTask { for _ in 0..<share { try await call(peer) } }
      }
    }
  }
}

/// A server on loopback, and a session that calls it.
private struct HTTPPeer: Sendable {
  /// Made at first use, and kept until the process ends.
  static let shared = Result { try HTTPPeer() }

  private let server: FaultServer
  private let session: URLSession
  private let request: URLRequest
  private let pipeline = Pipeline("http") {
    Retry()
    CircuitBreaker("service")
    Bulkhead(limit: 100)
    Timeout(.seconds(60))
  }

  private init() throws {
    server = try FaultServer { Route(.get, "/") { _ in .text("pong") } }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = 64
    session = URLSession(configuration: configuration)
    request = URLRequest(url: server.url)
  }

  func call() async throws {
    let (data, _) = try await session.data(for: request)
    Blackhole.swallow(data.count)
  }

  func callThroughAdapter() async throws {
    let (data, _) = try await session.data(for: request, through: pipeline)
    Blackhole.swallow(data.count)
  }
}
