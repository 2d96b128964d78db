import Foundation
import Resilience
import ResilienceTesting
import Testing

@Suite("Adaptive limits")
struct AdaptiveLimitsTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let isSoaking = environment["RESILIENCE_SOAK"] != nil

  @Test("Guarded stays within a fifth of the optimum after at most 2500 calls of each change")
  func guarded() async throws {
    for seed in 1...(Self.isSoaking ? 50 : 1) as ClosedRange<UInt64> {
      let points = try await AdaptiveLimits.guarded.points(seed: seed)
      let calls = AdaptiveLimits.callsUntilNear(points)
      print("guarded", seed, calls)
      for calls in calls { #expect(calls <= 2_500, "seed \(seed)") }
    }
  }

  @Test("AIMD does so after at most 1000 calls, with a server that refuses what is too much")
  func aimd() async throws {
    let points = try await AdaptiveLimits.aimd.points()
    let calls = AdaptiveLimits.callsUntilNear(points)
    print("aimd", calls)
    for calls in calls { #expect(calls <= 1_000) }
  }

  @Test("No drift in a simulated hour of lasting overload")
  func hour() async throws {
    let points = try await Simulation(seed: 1).run { world in
      let service = ModelledService(
        in: world,
        latency: .logNormal(median: .seconds(3), sigma: 0.2),
        capacity: 10
      )
      return try await AdaptiveLimits(name: "hour", rule: .guarded(from: 10))
        .watch(service, in: world, for: 3_600, clients: 25)
    }
    let settled = points[600...].map(\.limit)
    #expect(settled.min() ?? 0 >= 8 && settled.max() ?? 99 <= 12, "\(settled)")
    #expect((points.last?.calls ?? 0) > 10_000)
  }

  /// With `UPDATE_PICTURES` in the environment the picture is drawn anew.
  @Test("The picture in the documentation is what the simulation gives")
  func picture() async throws {
    var panels: [(String, [Int])] = []
    for run in AdaptiveLimits.all {
      let points = try await run.points()
      print(run.name, AdaptiveLimits.callsUntilNear(points))
      panels.append((run.name, points.map(\.limit)))
    }
    let picture = LimitPicture(panels)
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent()
      .appending(path: "../../../Sources/Resilience/Resilience.docc/Resources/adaptive-limits.svg")
      .standardized
    if Self.environment["UPDATE_PICTURES"] != nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data(picture.svg.utf8).write(to: file)
    }
    let drawn = try String(contentsOf: file, encoding: .utf8)
    #expect(drawn == picture.svg)
  }
}
