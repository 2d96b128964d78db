/// What several runs have shown, one after the other.
struct SuiteResult: Codable, Equatable, Sendable {
  /// In the order in which they were made.
  let results: [RunResult]

  /// Whether all claims of all runs hold.
  let claimsHold: Bool

  init(_ results: [RunResult]) {
    self.results = results
    claimsHold = results.allSatisfy(\.claimsHold)
  }
}
