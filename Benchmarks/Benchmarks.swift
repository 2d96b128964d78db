import Foundation

/// What the policies cost: `swift run -c release Benchmarks`, or with `--help` for more.
///
/// `main` is synchronous and stays on its thread, which valgrind needs; the run loop there serves
/// the main actor, whose callers are measured too.
@main
enum Benchmarks {
  static func main() {
    do {
      try carryOut(Command(Array(CommandLine.arguments.dropFirst())))
    } catch let error as UsageError {
      fail(error, status: .usage)
    } catch {
      fail(error, status: .failure)
    }
  }

  private static func carryOut(_ command: Command) throws {
    switch command {
    case .help:
      print(Command.manual)
    case .list:
      for benchmark in Case.all { print(benchmark.name) }
    case .run(let benchmark, let iterations):
      inBackground { try await benchmark.body(iterations) }
    case .measure(let cases, let plan, let asJSON):
      inBackground { try await measure(cases, by: plan, asJSON: asJSON) }
    case .keyed(let sizes, let plan, let asJSON):
      inBackground { try await measure(keyed: sizes, by: plan, asJSON: asJSON) }
    case .count(let cases, let iterations, let asJSON):
      try count(cases, iterations: iterations, asJSON: asJSON)
    case .check(let benchmark, let iterations):
      let budgets = try Budgets()
      let cases = try budgets.cases(for: benchmark)
      let excesses = budgets.excesses(of: try count(cases, iterations: iterations, asJSON: false))
      guard excesses.isEmpty else {
        throw Budgets.Failure(description: "over budget\n" + excesses.joined(separator: "\n"))
      }
    }
  }

  private static func measure(_ cases: [Case], by plan: Plan, asJSON: Bool) async throws {
    var report = Report<Measurement>(asJSON: asJSON)
    var stopwatch = Stopwatch(plan)
    for benchmark in cases { report.add(try await stopwatch.measure(benchmark)) }
    try report.finish()
  }

  private static func measure(keyed sizes: [Int], by plan: Plan, asJSON: Bool) async throws {
    var report = Report<KeyedMeasurement>(asJSON: asJSON)
    // Kept until the end: what one frees would make the next look smaller.
    var registries: [KeyedBreakers] = []
    for size in sizes {
      let registry = await KeyedBreakers(size)
      registries.append(registry)
      report.add(try await registry.measure(by: plan))
    }
    try report.finish()
    withExtendedLifetime(registries) {}
  }

  @discardableResult
  private static func count(_ cases: [Case], iterations: Int, asJSON: Bool) throws -> [Count] {
    guard let valgrind = Valgrind.installed else { fail(Valgrind.Missing(), status: .unavailable) }
    var report = Report<Count>(asJSON: asJSON)
    let counts = try cases.map { benchmark in
      let count = try valgrind.count(benchmark, iterations: iterations)
      report.add(count)
      return count
    }
    try report.finish()
    return counts
  }

  /// Runs `work` on a task while this thread serves the main actor, and ends the process with it.
  private static func inBackground(_ work: @escaping @Sendable () async throws -> Void) -> Never {
    Task.detached {
      do {
        try await work()
        exit(0)
      } catch {
        fail(error, status: .failure)
      }
    }
    while true { RunLoop.main.run() }
  }
}

/// How the process ends when it cannot do what it was asked; the numbers are those of `sysexits.h`.
enum ExitStatus: Int32 {
  case failure = 1
  case usage = 64
  case unavailable = 69
}

/// Says what is wrong on the standard error stream and ends the process.
func fail(_ error: any Error, status: ExitStatus) -> Never {
  FileHandle.standardError.write(Data("Benchmarks: \(error)\n".utf8))
  exit(status.rawValue)
}
