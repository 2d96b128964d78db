import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

@Suite("Peer: the client of connectrpc", .enabled(if: Peer.isWanted, Peer.advice))
struct ConnectClientPeerTests {
  @Test("Our service answers it: unary, with GET, in streams, with errors and timeouts")
  func calls() async throws {
    let service = RPCServer.users { info in
      let isSlow = info.metadata["connect-timeout-ms"] == "50"
      if isSlow { try await untilCancelled() }
    }
    let server = try FaultServer.carrying(service)
    let output = try await Peer.run("connect_client.py", [server.url.absoluteString])
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    let expected = ["json", "proto"].flatMap { format in
      [
        "\(format) post 7 user 7", "\(format) get 8 user 8",
        "\(format) missing not_found no user 100 acme.v1.User:0807",
        "\(format) slow deadline_exceeded",
        "\(format) create é", "\(format) watch 1 2 3", "\(format) broken 1 2 data_loss",
      ]
    }
    try #require(lines.count == expected.count, "\(lines)")
    for (line, start) in zip(lines, expected) { #expect(line.hasPrefix(start)) }
  }
}
