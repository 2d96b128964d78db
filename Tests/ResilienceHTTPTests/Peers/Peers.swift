import Foundation
import Resilience
import ResilienceHTTP
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The programs that the adapter is tried with, running.
struct Peers: Sendable {
  @TaskLocal private static var running: Peers?

  let httpbin: HttpbinPeer
  let nginx: NginxPeer

  /// Those of the current suite.
  static var current: Peers { get throws { try #require(running) } }

  private static let areInstalled = HttpbinPeer.isInstalled && NginxPeer.executable != nil

  /// Whether tests with peers are to be run.
  ///
  /// They wait in real time, and need more than Swift, so they are run when asked for. Where they are
  /// required, one that is missing is a failure of its suite.
  static let areWanted =
    switch ProcessInfo.processInfo.environment["RESILIENCE_PEERS"] {
    case nil, "", "0": false
    case "required": true
    default: areInstalled
    }

  /// What to say where they are not run.
  static let advice: Comment =
    """
    .ci/peers installs httpbin and nginx (it needs python3, PyPI and Debian's packages), and then \
    RESILIENCE_PEERS=1 swift test --filter Peer runs the tests with them
    """

  /// The server of nginx that most is asked of.
  var web: URL { nginx.urls[0] }

  /// Another origin.
  var other: URL { nginx.urls[1] }

  /// Three that answer alike, but that the second one fails.
  var trio: [URL] { Array(nginx.urls[2...4]) }

  /// One that closes connections which are idle for a tenth of a second.
  var brief: URL { nginx.urls[5] }

  /// One that closes each connection after its first response.
  var once: URL { nginx.urls[6] }

  fileprivate static func whileRunning(
    _ body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try #require(areInstalled, advice)
    let httpbin = try await HttpbinPeer()
    let result: Result<Void, any Error>
    do {
      let nginx = try await NginxPeer(ports: 8) { ports, folder in
        servers(ports, folder, httpbin.url.absoluteString)
      }
      let peers = Peers(httpbin: httpbin, nginx: nginx)
      do {
        result = .success(try await $running.withValue(peers, operation: body))
      } catch {
        result = .failure(error)
      }
      await nginx.stop()
    } catch {
      result = .failure(error)
    }
    await httpbin.stop()
    try result.get()
  }

  /// What nginx serves.
  private static func servers(_ ports: [Int], _ folder: String, _ httpbin: String) -> String {
    let trio = (2...4).map { index in
      index == 3
        ? "server { listen 127.0.0.1:\(ports[index]); return 500; }"
        : """
        server {
          listen 127.0.0.1:\(ports[index]);
          default_type application/json;
          return 200 '{"id":\(index),"text":"well"}';
        }
        """
    }
    return #"""
      limit_req_zone $uri zone=each:1m rate=1r/s;
      map $limit_req_status $again { default ""; REJECTED 1; }
      server {
        listen 127.0.0.1:\#(ports[0]);
        location /fence { access_log off; return 204; }
        location /page { return 200 "page"; }
        location /seconds/429 { add_header Retry-After 1 always; return 429; }
        location /seconds/503 { add_header Retry-After 1 always; return 503; }
        location /tomorrow { add_header Retry-After 86400 always; return 503; }
        location /past {
          add_header Retry-After "Sun, 06 Nov 1994 08:49:37 GMT" always;
          return 503;
        }
        location /limited/429 {
          limit_req zone=each;
          limit_req_status 429;
          add_header Retry-After $again always;
          proxy_pass \#(httpbin)/get;
        }
        location /limited/503 {
          limit_req zone=each;
          add_header Retry-After $again always;
          proxy_pass \#(httpbin)/get;
        }
        location /behind/ { proxy_pass \#(httpbin)/; }
        location /slow/ { proxy_read_timeout 200ms; proxy_pass \#(httpbin)/; }
        location /down { proxy_pass http://127.0.0.1:\#(ports[7]); }
        location /silent { return 444; }
        location /stale {
          if (-f \#(folder)/outage) { return 503; }
          add_header Cache-Control "max-age=0, stale-if-error=60";
          return 200 "stale";
        }
        location /strict {
          if (-f \#(folder)/outage) { return 503; }
          add_header Cache-Control "max-age=0, must-revalidate, stale-if-error=60";
          return 200 "strict";
        }
      }
      server {
        listen 127.0.0.1:\#(ports[1]);
        location / { return 200 "other"; }
        location /ill { return 503; }
      }
      \#(trio.joined(separator: "\n"))
      server {
        listen 127.0.0.1:\#(ports[5]);
        keepalive_timeout 100ms;
        location / { return 200 "brief"; }
      }
      server {
        listen 127.0.0.1:\#(ports[6]);
        keepalive_requests 1;
        location / { return 200 "once"; }
      }
      """#
  }
}

/// Starts the peers before a suite and ends them after.
struct PeersTrait: SuiteTrait, TestScoping {
  @concurrent
  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Peers.whileRunning(function)
  }
}

extension Trait where Self == PeersTrait {
  static var peers: PeersTrait { PeersTrait() }
}

/// What the adapter's documentation says, asked of servers that are not ours.
///
/// The tests share the servers and count in their logs, so one runs after another.
@Suite(
  "Real peers: httpbin and nginx",
  .serialized,
  .peers,
  .timeLimit(.minutes(1)),
  .enabled(if: Peers.areWanted, Peers.advice)
)
struct HTTPPeerTests {}

/// A request to a peer.
func peerRequest(
  _ base: URL,
  _ path: String,
  _ method: String = "GET",
  headers: [String: String] = [:],
  body: String? = nil
) throws -> URLRequest {
  var request = URLRequest(url: try #require(URL(string: base.absoluteString + path)))
  request.httpMethod = method
  request.httpBody = body.map { Data($0.utf8) }
  for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
  return request
}
