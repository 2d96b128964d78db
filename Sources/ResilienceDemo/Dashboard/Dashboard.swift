import Foundation
import ResilienceTesting

/// Serves the page of a run while it goes on, on the loopback interface only.
///
/// The page is whole when it is loaded; then what has changed follows as events. A page that is slow
/// to take them misses pictures, and none is kept for it.
final class Dashboard: Sendable {
  /// How long the pages are given to hear that this is the end.
  private static let farewell = Duration.seconds(1)

  private let service: DashboardService
  private let server: FaultServer

  /// Starts the server.
  ///
  /// - Parameters:
  ///   - stage: What is shown.
  ///   - port: The port, or 0 for any free one.
  ///   - tick: Time between two pictures.
  /// - Throws: `ListenFailed` if the port is taken.
  init(_ stage: any Stage, port: UInt16, tick: Duration = .milliseconds(400)) throws {
    let service = DashboardService(stage, tick: tick)
    var limits = ServerLimits()
    limits.bodyBytes = 1_024
    limits.connections = 64
    limits.loggedExchanges = 1
    server = try FaultServer(port: port, limits: limits) { service.routes }
    self.service = service
    service.listens(on: server.port)
  }

  /// The address of the page.
  var url: URL { server.url.appendingPathComponent("") }

  /// The port that it listens on.
  var port: UInt16 { server.port }

  /// Says goodbye to the pages that are open, and ends, even if the task is cancelled.
  func close() async {
    await Task { await sayGoodbye() }.value
    server.stop()
    await server.stopped()
  }

  private func sayGoodbye() async {
    let end = ContinuousClock.now + Self.farewell
    service.end()
    while service.viewers > 0, ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(10))
    }
  }
}
