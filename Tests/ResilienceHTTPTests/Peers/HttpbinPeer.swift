import Foundation
import Testing

/// httpbin, served by gunicorn: a server that does what its address says.
final class HttpbinPeer: Sendable {
  let url: URL
  private let program: PeerProgram

  /// Where `.ci/peers` installs it.
  static let python = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/peers/bin/python3")

  static let isInstalled = FileManager.default.isExecutableFile(
    atPath: python.deletingLastPathComponent().appending(path: "gunicorn").path
  )

  init() async throws {
    program = try PeerProgram(
      [Self.python.path, "-B", "-m", "gunicorn", "-c", "peer.py", "httpbin:app"],
      in: PeerProgram.freshFolder(),
      files: ["peer.py": Self.settings]
    )
    let port = await program.file("port")
    url = try #require(
      port.flatMap { URL(string: "http://127.0.0.1:\($0)") },
      "\(program.lines(of: "output"))"
    )
  }

  func stop() async { await program.stop() }

  /// How many requests have begun.
  var mark: Int { program.lines(of: "begun").count }

  /// The requests to a path and what is below it that have begun since a mark was taken.
  ///
  /// A line is written after its response, which the caller may have first, so lines are waited for:
  /// what begins is noted before, beside the log.
  func log(of path: String, since mark: Int) async throws -> [PeerLine] {
    let begun = program.lines(of: "begun")
    let before = begun.prefix(mark).count { $0.hasPrefix(path) }
    let all = begun.count { $0.hasPrefix(path) }
    var lines: [PeerLine] = []
    try await wait {
      lines = try program.lines(of: "log").map(PeerLine.init).filter { $0.uri.hasPrefix(path) }
      return lines.count >= all
    }
    return Array(lines.dropFirst(before))
  }

  /// Waits until a request to a path has begun.
  func begin(of path: String, since mark: Int) async throws {
    try await wait { program.lines(of: "begun").dropFirst(mark).contains { $0.hasPrefix(path) } }
  }

  private func wait(until condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(20))
    while try !condition() {
      try #require(ContinuousClock.now < end, "nothing came")
      await pauseBriefly()
    }
  }

  private static let settings = #"""
    import os, signal

    # The threads of the tests block all signals, and what they start inherits that.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])

    bind = "127.0.0.1:0"
    worker_class = "gthread"
    threads = 16
    graceful_timeout = 1
    control_socket_disable = True
    accesslog = "log"
    access_log_format = (
        '{"method":"%(m)s","uri":"%({raw_uri}e)s","status":"%(s)s",'
        '"authorization":"%({authorization}i)s","cookie":"%({cookie}i)s",'
        '"criticality":"%({x-request-criticality}i)s"}'
    )

    def when_ready(server):
        with open("port.new", "w") as file:
            file.write(str(server.LISTENERS[0].getsockname()[1]))
        os.rename("port.new", "port")

    def pre_request(worker, request):
        with open("begun", "a") as file:
            file.write(request.uri + "\n")
    """#
}
