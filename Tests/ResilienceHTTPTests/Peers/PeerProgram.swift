import Foundation
import Testing

/// A program that is not ours, in a folder of its own, for as long as it is wanted.
///
/// It listens on the loopback interface only, and ends with the process of the tests whatever
/// becomes of that: between them stands a shell, which stops it when its own input ends.
final class PeerProgram: Sendable {
  /// What the program reads and writes.
  let folder: URL

  private let process = Process()
  private let input = Pipe()

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: Its path and its arguments.
  ///   - folder: Its folder, which is made.
  ///   - files: What stands in its folder when it starts, by name.
  /// - Throws: What the system does if it cannot be started.
  init(_ program: [String], in folder: URL, files: [String: String]) throws {
    self.folder = folder
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      ["-c", #""$@" >output 2>&1 & child=$!; cat; kill "$child"; wait "$child""#, "peer"]
      + program
    process.currentDirectoryURL = folder
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Waits, for ten seconds at most, until a file stands in the folder, and reads it.
  func file(_ name: String) async -> String? {
    let file = folder.appending(path: name)
    return await onThread {
      for _ in 0..<1_000 {
        if let text = try? String(contentsOf: file, encoding: .utf8), !text.isEmpty { return text }
        Thread.sleep(forTimeInterval: 0.01)
      }
      return nil
    }
  }

  /// The lines of a file in the folder.
  func lines(of name: String) -> [String] {
    let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    // The last one may be half written.
    return (text ?? "").components(separatedBy: "\n").dropLast()
  }

  /// Ends the program and removes its folder.
  func stop() async {
    try? input.fileHandleForWriting.close()
    await onThread { [process] in process.waitUntilExit() }
    try? FileManager.default.removeItem(at: folder)
  }

  /// A name for a folder that no one has.
  static func freshFolder() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "peer-\(UUID().uuidString)")
  }
}

/// Lets a moment pass before what a peer writes is looked at again.
func pauseBriefly() async { await onThread { Thread.sleep(forTimeInterval: 0.005) } }

/// Waits on a thread of its own: the tests have few.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread { continuation.resume(returning: body()) }.start()
  }
}
