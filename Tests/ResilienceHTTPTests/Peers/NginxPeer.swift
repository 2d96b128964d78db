import Foundation
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// nginx with a configuration of the tests', as one process that writes one log.
final class NginxPeer: Sendable {
  /// The addresses of its servers.
  let urls: [URL]

  private let program: PeerProgram

  /// The program, where there is one.
  static let executable: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (path.components(separatedBy: ":") + ["/usr/sbin", "/usr/local/sbin"])
      .map { $0 + "/nginx" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Starts it.
  ///
  /// - Parameters:
  ///   - count: How many ports it needs.
  ///   - http: What stands in the configuration's `http`, given the ports and the folder.
  /// - Throws: What the system does, and if it does not begin to listen.
  init(ports count: Int, _ http: (_ ports: [Int], _ folder: String) -> String) async throws {
    // Another program may take a port between its choice and its use.
    for _ in 0..<3 {
      let ports = try Self.freePorts(count)
      let folder = PeerProgram.freshFolder()
      let program = try PeerProgram(
        [try #require(Self.executable), "-p", folder.path, "-c", "conf", "-e", "errors"],
        in: folder,
        files: ["conf": Self.settings(http(ports, folder.path))]
      )
      // It is written when all ports have been taken.
      if await program.file("pid") != nil {
        self.program = program
        urls = try ports.map { try #require(URL(string: "http://127.0.0.1:\($0)")) }
        return
      }
      await program.stop()
    }
    throw CocoaError(.executableLoad)
  }

  func stop() async { await program.stop() }

  /// The requests whose responses callers have, of a path and what is below it, oldest first.
  ///
  /// It has one process, which writes a line before it turns to another connection.
  func log(of path: String) async throws -> [PeerLine] {
    _ = try await URLSession.fresh().data(from: urls[0].appending(path: "fence"))
    return try program.lines(of: "log").map(PeerLine.init).filter { $0.uri.hasPrefix(path) }
  }

  /// The same when there are as many as said; callers that left are in the log a little later.
  func log(of path: String, atLeast count: Int) async throws -> [PeerLine] {
    let end = ContinuousClock.now.advanced(by: .seconds(20))
    while true {
      let lines = try await log(of: path)
      if lines.count >= count || ContinuousClock.now > end { return lines }
      await pauseBriefly()
    }
  }

  /// Sets or removes a flag that the configuration asks for.
  func flag(_ name: String, _ isSet: Bool) throws {
    let file = program.folder.appending(path: name)
    if isSet { try Data().write(to: file) } else { try FileManager.default.removeItem(at: file) }
  }

  /// Ports that were free a moment ago.
  private static func freePorts(_ count: Int) throws -> [Int] {
    let servers = try (0..<count).map { _ in try FaultServer.sample() }
    defer { for server in servers { server.stop() } }
    return servers.map { Int($0.port) }
  }

  private static func settings(_ http: String) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map { "\($0)_temp_path \($0);" }.joined(separator: " ")
    return #"""
      daemon off;
      worker_processes 1;
      pid pid;
      events { worker_connections 256; }
      http {
        \#(temporary)
        default_type text/plain;
        log_format line escape=json
          '{"method":"$request_method","uri":"$request_uri","status":"$status",'
          '"authorization":"$http_authorization","cookie":"$http_cookie",'
          '"criticality":"$http_x_request_criticality","time":"$msec","took":"$request_time",'
          '"length":"$request_length",'
          '"port":"$server_port","connection":"$connection"}';
        access_log log line;
        \#(http)
      }
      """#
  }
}
