import Foundation

extension Program {
  /// Serves a page that plays the scenario as often as it is asked to, until it is interrupted.
  ///
  /// - Returns: The exit status: that of the last run, if none goes on.
  /// - Throws: `CancellationError` if a run goes on or there was none; `ListenFailed` if the port is
  ///   taken.
  func show(_ options: Options) async throws -> Int32 {
    let report = try options.report.map(ReportFile.init)
    let theatre = Theatre(options)
    let dashboard = try Dashboard(theatre, port: options.port)
    let address = "dashboard: \(dashboard.url.absoluteString) (Ctrl-C ends it)"
    try output.write("\(address)\n")
    let display = display(options, footer: address)
    return try await untilInterrupted {
      do {
        try await theatre.open { run in
          try await Self.perform(run, display, output)
        } present: { result in
          try present(result, options, report)
          complain(about: result)
        }
      } catch {
        await dashboard.close()
        throw error
      }
      await dashboard.close()
      guard let claimsHold = await theatre.claimsHold else { throw CancellationError() }
      return claimsHold ? 0 : 1
    }
  }
}
