/// The last exchanges and the exact counts, as a value.
struct ExchangeLog: Sendable {
  /// What happened to all requests since the start.
  struct Counts: Sendable, Equatable {
    var requests = 0
    var handled = 0
    var faulted = 0
    var malformed = 0
  }

  private let limit: Int
  private var recent: [ServerExchange] = []
  private(set) var counts = Counts()

  /// - Parameter limit: Largest number of exchanges kept.
  init(limit: Int) {
    self.limit = limit
  }

  /// At most `limit` exchanges, oldest first.
  var exchanges: [ServerExchange] { recent.suffix(limit) }

  /// Notes a request and returns its number.
  ///
  /// - Complexity: O(1) amortised: the oldest leave only when `limit` of them have gathered.
  mutating func begin(_ request: ServerRequest, at start: ContinuousClock.Instant) -> Int {
    counts.requests += 1
    if recent.count >= 2 * limit { recent.removeFirst(limit) }
    recent.append(
      ServerExchange(
        number: counts.requests,
        method: request.method,
        path: request.path,
        headers: request.headers,
        start: start
      )
    )
    return counts.requests
  }

  /// Notes what became of a request; only the first note of each counts.
  mutating func settle(_ number: Int, as outcome: ServerExchange.Outcome) {
    switch outcome {
    case .pending, .abandoned: break
    case .status: counts.handled += 1
    case .fault: counts.faulted += 1
    }
    guard let first = recent.first?.number, number >= first else { return }
    recent[number - first].outcome = outcome
  }

  mutating func noteMalformed() {
    counts.malformed += 1
  }
}
