import Foundation
import Resilience

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
      case .export(let scenario): try output.write(ScenarioFile.text(of: scenario))
      case .run(let options) where options.isDashboard: return try await show(options)
      case .serve(let port): try await serve(ServedWorld(port: port))
      case .run(let options): return try await run(options)
      case .suite(let suite): return try await run(suite)
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
    let display = display(options)
    let report = try options.report.map(ReportFile.init)
    return try await untilInterrupted {
      let result = try await Self.perform(options, display, output)
      try present(result, options, report)
      complain(about: result)
      return result.claimsHold ? 0 : 1
    }
  }

  /// Runs one after the other, and says in one table what came of them.
  private func run(_ suite: [Options]) async throws -> Int32 {
    let terminal = Terminal.current
    let isJSON = suite.contains(where: \.isJSON)
    let report = try suite.first?.report.map(ReportFile.init)
    let display: Display =
      terminal.isLive && !isJSON ? .live(terminal.palette, footer: nil) : .silent
    return try await untilInterrupted {
      var results: [RunResult] = []
      for options in suite {
        if !isJSON {
          let number = "\(results.count + 1)/\(suite.count)"
          try output.write("\(number) \(options.scenario.name): \(options.scenario.summary)\n")
        }
        results.append(try await Self.perform(options, display, output))
      }
      let result = SuiteResult(results)
      let table = SuiteTable(suite: result, palette: terminal.palette)
      try output.write(
        isJSON ? JSONReport.text(result) : "\n" + table.lines.joined(separator: "\n") + "\n"
      )
      try report?.write(results)
      results.forEach(complain(about:))
      return result.claimsHold ? 0 : 1
    }
  }

  /// How a run is shown while it goes on, with a line below that stays.
  func display(_ options: Options, footer: String? = nil) -> Display {
    let terminal = Terminal.current
    return options.isJSON
      ? .silent : terminal.isLive ? .live(terminal.palette, footer: footer) : .lines
  }

  /// Says what came of a run, and writes the page about it.
  ///
  /// - Throws: What keeps the output or the file from being written.
  func present(_ result: RunResult, _ options: Options, _ report: ReportFile?) throws {
    let palette = Terminal.current.palette
    try output.write(
      options.isJSON
        ? JSONReport.text(result)
        : Report(result: result, palette: palette).lines.joined(separator: "\n") + "\n"
    )
    try report?.write([result])
  }

  /// Lets others call the services until the user has enough of it.
  private func serve(_ world: ServedWorld) async throws {
    try output.write(lines: world.lines)
    let waiting = Task {
      while !Task.isCancelled { try? await Timeline.system.sleep(for: .seconds(3_600)) }
    }
    let interrupts = Interrupts { waiting.cancel() }
    await waiting.value
    await world.close()
    if let status = interrupts.status { complain("ended by signal \(status - 128)") }
  }

  /// Does some work, and gives it up when the user or the system says so.
  ///
  /// - Returns: The exit status of the work, or that of the interruption.
  func untilInterrupted(
    _ body: @escaping @Sendable () async throws -> Int32
  ) async throws -> Int32 {
    let work = Task { try await body() }
    let interrupts = Interrupts { work.cancel() }
    do {
      return try await work.value
    } catch {
      guard let status = interrupts.status else { throw error }
      complain("interrupted")
      return status
    }
  }

  func complain(about result: RunResult) {
    let name = result.settings.scenario
    for claim in result.claims where !claim.holds {
      complain("\(name): a claim failed: \(claim.claim): \(claim.measured)")
    }
    let late = result.clients.map(\.latestStartMilliseconds).max() ?? 0
    if !result.claimsHold, late > result.settings.limits.attemptTimeout.milliseconds {
      complain("\(name): the machine was busy: calls began up to \(late.fixed(0)) ms late")
    }
    if !result.brokenByHand.isEmpty {
      complain("\(name): no claim is checked: the service was broken by hand")
    } else if !result.notChecked.isEmpty {
      let names = result.notChecked.map(\.rawValue).joined(separator: ", ")
      complain("\(name): not checked, since there is nothing to check them by: \(names)")
    }
  }

  /// Runs, with the display beside it, and leaves nothing behind.
  static func perform(
    _ options: Options,
    _ display: Display,
    _ output: Output
  ) async throws -> RunResult {
    if options.isSimulated { return RunResult(try await Run.simulate(options)) }
    return try await perform(try Run(options), display, output)
  }

  /// Performs a run with the display beside it, and closes it.
  static func perform(_ run: Run, _ display: Display, _ output: Output) async throws -> RunResult {
    do {
      let log = try await withThrowingTaskGroup(of: RunLog?.self) { group in
        group.addTask {
          try await display.watch(run, on: output)
          return nil
        }
        group.addTask { try await run.perform() }
        var log: RunLog?
        // A display that fails ends the run, and the end of the run the display.
        for try await ended in group {
          guard let ended else { continue }
          log = ended
          group.cancelAll()
        }
        guard let log else { throw CancellationError() }
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
