/// How a call ended, as far as a breaker is concerned.
struct CallOutcome: Hashable, Sendable {
  var verdict: Verdict
  /// Whether it took longer than a call should.
  var isSlow = false
  /// For how many calls it counts; at least 1.
  var weight = 1
  /// How long the callee asked to be left alone.
  var openHint: Duration?

  init(_ verdict: Verdict, isSlow: Bool = false, weight: Int = 1, openHint: Duration? = nil) {
    self.verdict = verdict
    self.isSlow = isSlow
    self.weight = weight
    self.openHint = openHint
  }

  /// What it adds to a window.
  var tally: CallTally {
    switch verdict {
    case .success: CallTally(successes: weight, slowSuccesses: isSlow ? weight : 0)
    case .failure: CallTally(failures: weight, slowFailures: isSlow ? weight : 0)
    case .ignored: CallTally()
    }
  }
}
