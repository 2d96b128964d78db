import Foundation

/// The program behind the command line: reads it, runs, reports, and says how it ended.
struct Program {
  /// Exit status for a wrong command line, as in BSD's `sysexits.h`.
  static let usageError: Int32 = 64

  let output: Output
  let errors: Output

  /// Does what the arguments say.
  ///
  /// - Parameter arguments: The arguments without the name of the program.
  /// - Returns: The exit status.
  func run(_ arguments: [String]) async -> Int32 {
    do {
      switch try OptionsParser.parse(arguments) {
      case .help: try output.write(Usage.help)
      case .list: try output.write(Usage.list)
      case .run(let options): return try await run(options)
      }
      return 0
    } catch let error as OptionsError {
      complain("\(error)\nresilience-demo --help says more")
      return Self.usageError
    } catch {
      complain("\(error)")
      return 1
    }
  }

  private func run(_ options: Options) async throws -> Int32 {
    let terminal = Terminal.current
    let display: Display =
      options.isJSON ? .silent : terminal.isLive ? .live(terminal.palette) : .lines
    let work = Task { try await Self.perform(options, display, output) }
    let interrupts = Interrupts { work.cancel() }
    let result: RunResult
    do {
      result = try await work.value
    } catch {
      guard let status = interrupts.status else { throw error }
      complain("interrupted")
      return status
    }
    let palette = terminal.palette
    try output.write(
      options.isJSON
        ? JSONReport.text(result)
        : Report(result: result, palette: palette).lines.joined(separator: "\n") + "\n"
    )
    for claim in result.claims where !claim.holds {
      complain("a claim failed: \(claim.claim): \(claim.measured)")
    }
    return result.claimsHold ? 0 : 1
  }

  /// Runs, with the display beside it, and leaves nothing behind.
  static func perform(
    _ options: Options,
    _ display: Display,
    _ output: Output
  ) async throws -> RunResult {
    if options.isSimulated { return RunResult(try await Run.simulate(options)) }
    let run = try Run(options)
    do {
      let log = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await display.watch(run, on: output) }
        let log = try await run.perform()
        group.cancelAll()
        try await group.waitForAll()
        return log
      }
      await run.close()
      return RunResult(log)
    } catch {
      await run.close()
      throw error
    }
  }

  private func complain(_ text: String) {
    try? errors.write("resilience-demo: \(text)\n")
  }
}
