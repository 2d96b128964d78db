/// How long and how often each case is timed.
struct Plan {
  /// Rounds that count, at least 1; one more is run before them to warm up.
  let rounds: Int

  /// How long a round of one case is to take.
  let length: Duration

  static let full = Plan(rounds: 11, length: .milliseconds(25))

  static let quick = Plan(rounds: 5, length: .milliseconds(5))
}
