import Dispatch
import Foundation
import Synchronization

/// Runs this very program under valgrind, which counts instructions and allocations.
struct Valgrind {
  /// Thrown, or rather said, where there is no valgrind.
  struct Missing: Error, CustomStringConvertible {
    let description = """
      --counted needs valgrind, which is not in PATH; on Debian and Ubuntu: apt-get install \
      valgrind. It does not exist for recent macOS: run this in a Linux container there.
      """
  }

  private let valgrind: URL
  private let program: URL

  /// The valgrind in `PATH`, if there is one.
  static var installed: Valgrind? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = path.split(separator: ":").map { "\($0)/valgrind" }
    let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found, let program = Bundle.main.executableURL else { return nil }
    return Valgrind(valgrind: URL(fileURLWithPath: found), program: program)
  }

  /// Counts one call: the difference between runs of `iterations` and of twice as many.
  ///
  /// What starting the program takes is in both, and cancels out.
  func count(_ benchmark: Case, iterations: Int) throws -> Count {
    // All at once: what is counted does not depend on what else runs.
    let results = Mutex<[Int: Result<Int, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: 4) { run in
      let calls = run < 2 ? iterations : 2 * iterations
      let result = Result {
        run % 2 == 0
          ? try instructions(of: benchmark, iterations: calls)
          : try allocations(of: benchmark, iterations: calls)
      }
      results.withLock { $0[run] = result }
    }
    let counts = try results.withLock { results in
      try (0..<4).map { try results[$0]?.get() ?? 0 }
    }
    func perCall(_ once: Int, _ twice: Int) -> Double {
      Double(twice - once) / Double(iterations)
    }
    return Count(
      name: benchmark.name,
      instructions: perCall(counts[0], counts[2]),
      allocations: perCall(counts[1], counts[3])
    )
  }

  private func instructions(of benchmark: Case, iterations: Int) throws -> Int {
    let options = ["--tool=callgrind", "--callgrind-out-file=/dev/null"]
    return try number(after: "Collected :", of: benchmark, iterations, options)
  }

  private func allocations(of benchmark: Case, iterations: Int) throws -> Int {
    let options = ["--tool=memcheck", "--leak-check=no", "--undef-value-errors=no"]
    return try number(after: "total heap usage:", of: benchmark, iterations, options)
  }

  private func number(
    after label: String,
    of benchmark: Case,
    _ iterations: Int,
    _ options: [String]
  ) throws -> Int {
    let run = ["--case", benchmark.name, "--iterations", String(iterations)]
    let log = try log(of: options + [program.path] + run)
    guard let found = log.firstRange(of: label) else {
      throw Unexpected(description: "valgrind does not say “\(label)”:\n\(log)")
    }
    // Numbers are written 1,234,567.
    let digits = log[found.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "," }
    guard let number = Int(digits.filter(\.isNumber)) else {
      throw Unexpected(description: "valgrind gives no number after “\(label)”:\n\(log)")
    }
    return number
  }

  /// What valgrind writes when it is called with `arguments`.
  private func log(of arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = valgrind
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_DETERMINISTIC_HASHING": "1"],
      uniquingKeysWith: { $1 }
    )
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let log = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Unexpected(description: "valgrind ended with \(process.terminationStatus):\n\(log)")
    }
    return log
  }
}
