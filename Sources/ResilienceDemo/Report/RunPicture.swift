/// What a page shows of a run, finished or under way.
///
/// Times are in seconds since the beginning of the run.
struct RunPicture: Equatable, Sendable {
  /// A stretch of the run in which the service behaves in one way.
  struct Phase: Equatable, Sendable {
    let name: String
    let isFailing: Bool
    let start: Double
    let end: Double
  }

  /// What is known of one client.
  struct Client: Equatable, Sendable {
    let name: String
    let description: String
    /// Decides colour and dashes.
    let series: Series
    /// Oldest first; those to come are missing.
    let intervals: [IntervalResult]
    /// Changes of its breaker's state, oldest first; `nil` if it has no breaker.
    let transitions: [RunLog.Transition]?
  }

  /// What sums a client up, in large letters.
  struct Figure: Equatable, Sendable {
    let value: String
    let unit: String
    let label: String
  }

  let scenario: String
  let summary: String
  let lookAt: String
  let duration: Double
  /// Time since the beginning; the duration when the run is over.
  let elapsed: Double
  /// Calls that each client is given to make in a second.
  let offered: Double
  let phases: [Phase]
  let clients: [Client]
  /// For each client, the same figures in the same order.
  let figures: [[Figure]]
  let totals: [Totals.Row]
  let reasons: [Totals.Row]
  let claims: [Claim]
  /// What the scenario claims, and what there was nothing to check by.
  var notChecked: [ClaimName] = []
  let settings: [Setting]
  /// Repeats the run.
  let command: String

  /// A setting and its value.
  struct Setting: Equatable, Sendable {
    let name: String
    let value: String
  }
}

extension RunPicture.Phase {
  /// A stretch in which the service is broken by hand.
  init(_ breakage: Breakage) {
    self.init(
      name: breakage.name,
      isFailing: true,
      start: breakage.beganAtSeconds,
      end: breakage.endedAtSeconds
    )
  }
}
