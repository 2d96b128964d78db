import Foundation
import Resilience
import ResilienceTesting
import Testing

@Suite("Metastable failure")
struct MetastableFailureTests {
  @Test(
    "Without a breaker and with eager retries the system stays down after its trigger has ended"
  )
  func staysDown() async throws {
    let report = try await Simulation(seed: 1).run(MetastableFailure.unprotected)
    try report.requireSuccess(atLeast: 1, from: .zero, to: .seconds(59))
    let after = report.total(from: .seconds(100), to: .seconds(240))
    #expect(after.succeeded < after.offered / 50, "\(report)")
    #expect(after.amplification ?? 0 > 3.5)
  }

  @Test("With a breaker and bounded retries it recovers", arguments: 1...(isMeasuring ? 3 : 1))
  func recovers(seed: UInt64) async throws {
    let report = try await Simulation(seed: seed).run(MetastableFailure.protected)
    try report.requireSuccess(atLeast: 1, from: .zero, to: .seconds(59))
    try report.requireSuccess(atLeast: 0.999, from: .seconds(120), to: .seconds(240))
    try report.requireAmplification(atMost: 1.01, from: .seconds(120), to: .seconds(240))
    #expect(report.intervals.last?.breakers == [.closed])
  }

  @Test("With the standard pipeline it recovers", arguments: 1...(isMeasuring ? 3 : 1))
  func standardRecovers(seed: UInt64) async throws {
    let report = try await Simulation(seed: seed).run(MetastableFailure.standard)
    try report.requireSuccess(atLeast: 1, from: .zero, to: .seconds(59))
    try report.requireSuccess(atLeast: 0.999, from: .seconds(120), to: .seconds(240))
    try report.requireAmplification(atMost: 1.01, from: .seconds(120), to: .seconds(240))
  }

  /// With `UPDATE_PICTURES` in the environment the picture is drawn anew.
  @Test("The picture in the documentation is what the simulation gives")
  func picture() async throws {
    let picture = LoadPicture(
      [
        (
          "Eager retries, no breaker",
          try await Simulation(seed: 1).run(MetastableFailure.unprotected)
        ),
        (
          "The standard pipeline",
          try await Simulation(seed: 1).run(MetastableFailure.standard)
        ),
      ],
      trigger: MetastableFailure.trigger
    )
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent()
      .appending(
        path: "../../../Sources/ResilienceTesting/ResilienceTesting.docc/Resources/metastable.svg"
      )
      .standardized
    if ProcessInfo.processInfo.environment["UPDATE_PICTURES"] != nil {
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
