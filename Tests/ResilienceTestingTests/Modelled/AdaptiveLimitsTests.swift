import Foundation
import Resilience
import ResilienceTesting
import Testing

@Suite("Adaptive limits")
struct AdaptiveLimitsTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let isSoaking = environment["RESILIENCE_SOAK"] != nil

  /// The points of each rule with the first seed, run once for all tests.
  private static let runs = Task {
    var runs: [[AdaptiveLimits.Point]] = []
    for run in AdaptiveLimits.all { runs.append(try await run.points()) }
    return runs
  }

  /// How many calls after each change the limit was last not near; as in the table of the article.
  @Test("After how many calls of each change the limit stays within a fifth of the optimum")
  func callsUntilNear() async throws {
    let runs = try await Self.runs.value
    let calls = runs.map(AdaptiveLimits.callsUntilNear)
    #expect(calls[0] == [560, 1_169, 0, 332, 835], "guarded")
    #expect(calls[1] == [93, 0, 0, 0, 113], "AIMD, server refuses")
    #expect(calls[2] == [126, nil, 169, nil, 58], "Vegas")
    #expect(calls[3] == [nil, 465, nil, nil, nil], "Gradient2")
  }

  @Test("Guarded does so with other seeds", .enabled(if: Self.isSoaking))
  func otherSeeds() async throws {
    for seed in 2...30 as ClosedRange<UInt64> {
      let points = try await AdaptiveLimits.guarded.points(seed: seed)
      for calls in AdaptiveLimits.callsUntilNear(points) {
        #expect(calls ?? .max <= 2_500, "seed \(seed)")
      }
    }
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
    let runs = try await Self.runs.value
    let picture = LimitPicture(
      zip(AdaptiveLimits.all, runs).map { ($0.name, $1.map(\.limit)) }
    )
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
