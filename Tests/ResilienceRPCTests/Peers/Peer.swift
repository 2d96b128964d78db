import Foundation
import Resilience
import Testing

/// A program that is not ours, running on the loopback interface for the time of a suite.
final class Peer: Sendable {
  /// The one of the current suite.
  @TaskLocal static var current: Peer?

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Python")
  private static let python = folder.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/peers/bin/python3")

  /// Whether the peers are there.
  private static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

  /// Whether tests with peers are to be run.
  ///
  /// They wait in real time, and need more than Swift, so they are run when asked for. Where they are
  /// required, one that is missing is a failure of its suite.
  static let isWanted =
    switch ProcessInfo.processInfo.environment["RESILIENCE_PEERS"] {
    case nil, "", "0": false
    case "required": true
    default: isInstalled
    }

  /// What to say where they are not run.
  static let advice: Comment =
    """
    .ci/peers installs the peers (it needs python3 and PyPI), and then \
    RESILIENCE_PEERS=1 swift test --filter Peer runs them
    """

  let url: URL
  private let process: Process
  private let input: Pipe

  /// Starts a program and waits until it says where it listens.
  init(_ script: String) async throws {
    try #require(Self.isInstalled, Self.advice)
    let output = Pipe()
    input = Pipe()
    process = Self.process(script)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = await Self.firstLine(of: output.fileHandleForReading)
    let port = try #require(line.hasPrefix("PORT ") ? Int(line.dropFirst(5)) : nil, "“\(line)”")
    url = try #require(URL(string: "http://127.0.0.1:\(port)"))
  }

  /// Ends the program, and those that it has started: they end when their input does.
  func stop() async {
    try? input.fileHandleForWriting.close()
    await Self.onThread { [process] in process.waitUntilExit() }
  }

  /// Runs a program to its end.
  static func run(_ script: String, _ arguments: [String] = [], input: Data = Data()) async throws
    -> Data
  {
    try #require(isInstalled, advice)
    let process = process(script, arguments)
    let (source, sink) = (Pipe(), Pipe())
    process.standardInput = source
    process.standardOutput = sink
    try process.run()
    async let written: Void = onThread {
      try? source.fileHandleForWriting.write(contentsOf: input)
      try? source.fileHandleForWriting.close()
    }
    let output = await onThread { (try? sink.fileHandleForReading.readToEnd()) ?? Data() }
    await written
    await onThread { process.waitUntilExit() }
    #expect(process.terminationStatus == 0)
    return output
  }

  private static func process(_ script: String, _ arguments: [String] = []) -> Process {
    let process = Process()
    process.executableURL = python
    process.arguments = ["-B", folder.appending(path: script).path] + arguments
    return process
  }

  private static func firstLine(of handle: FileHandle) async -> String {
    await onThread {
      var line = Data()
      while let byte = try? handle.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
        line += byte
      }
      return String(decoding: line, as: UTF8.self)
    }
  }

  /// Waits on a thread of its own: the tests have few.
  private static func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: body()) }.start()
    }
  }
}

/// Starts a program before a suite and ends it after.
struct PeerTrait: SuiteTrait, TestScoping {
  let script: String

  @concurrent
  func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let peer = try await Peer(script)
    let result: Result<Void, any Error>
    do {
      result = .success(try await Peer.$current.withValue(peer, operation: function))
    } catch {
      result = .failure(error)
    }
    await peer.stop()
    try result.get()
  }
}

extension Trait where Self == PeerTrait {
  static func peer(_ script: String) -> PeerTrait { PeerTrait(script: script) }
}
