/// What a replica of the service can do, as a value: requests and times in, decisions out.
///
/// It serves one request after the other, in the order in which they came, whether or not someone
/// still waits. Time counts from any origin and never decreases.
struct ServiceModel: Equatable, Sendable {
  /// What becomes of a request that arrives.
  enum Arrival: Equatable {
    /// It is served when all before it are.
    case accepted(Ticket)

    /// Too many wait.
    case full

    /// It is to come back after a time.
    case lockedOut(retryAfterSeconds: Int)
  }

  /// A place in the line: the number of the request, from 1 on.
  typealias Ticket = Int

  fileprivate struct Quota: Equatable {
    let perSecond: Int
    let retryAfterSeconds: Int
    var second = Duration.zero
    var served = 0
    var lockedUntil = Duration.zero
  }

  private let traits: ServiceTraits
  /// Requests that arrive per second, of which the traits are multiples.
  private let rate: Int
  private let queueLimit: Double
  private var slowdown = 1.0
  private var quota: Quota?
  /// How many requests had been served when it began cold; `nil` if it never did.
  private var coldSince: Double?
  private var now = Duration.zero
  private var accepted = 0
  /// How many have been served; in part, the one that is being served.
  private var served = 0.0

  init(_ traits: ServiceTraits, rate: Int) {
    self.traits = traits
    self.rate = rate
    queueLimit = max(1, traits.queueSeconds * Double(rate) * (traits.capacity ?? 0))
  }

  /// Requests that wait or are being served.
  var waiting: Int { accepted - Int(served) }

  /// Begins a phase: what was the matter before is over.
  ///
  /// - Parameters:
  ///   - faults: What goes wrong at this replica from now on.
  ///   - restarts: Whether it begins cold.
  ///   - moment: The present.
  mutating func enter(_ faults: [Fault], restarts: Bool, at moment: Duration) {
    advance(to: moment)
    slowdown = 1
    quota = nil
    if restarts {
      coldSince = Double(accepted)
      served = Double(accepted)
    }
    for fault in faults {
      switch fault {
      case .slowdown(let factor): slowdown *= factor
      case .quota(let share, let seconds):
        quota = Quota(
          perSecond: Int(share * Double(rate)),
          retryAfterSeconds: seconds,
          second: moment
        )
      case .status, .hang, .refuse, .reset, .latency: break
      }
    }
  }

  /// Takes a request.
  mutating func arrive(at moment: Duration) -> Arrival {
    advance(to: moment)
    if let seconds = quota?.refusal(at: now) { return .lockedOut(retryAfterSeconds: seconds) }
    guard traits.capacity != nil else { return .accepted(0) }
    guard Double(accepted) - served < queueLimit else { return .full }
    accepted += 1
    return .accepted(accepted)
  }

  /// How long a request has to wait yet, if all goes on as it is.
  ///
  /// - Returns: `nil` if it has been served.
  mutating func rest(of ticket: Ticket, at moment: Duration) -> Duration? {
    advance(to: moment)
    guard coldSince != nil else {
      let left = Double(ticket) - served
      return left > Self.nothing ? timePerRequest(after: served) * left : nil
    }
    var copy = self
    var rest = Duration.zero
    while Double(ticket) - copy.served > Self.nothing {
      rest += copy.serveOne(upTo: nil)
    }
    return rest > .zero ? rest : nil
  }

  private static let nothing = 1e-9

  private mutating func advance(to moment: Duration) {
    guard moment > now else { return }
    defer { now = moment }
    var left = moment - now
    while left > .zero, Double(accepted) - served > Self.nothing {
      left -= serveOne(upTo: left)
    }
  }

  /// Serves the request that is next, or as much of it as the time allows.
  ///
  /// - Returns: The time it took.
  private mutating func serveOne(upTo limit: Duration?) -> Duration {
    let whole = (served + Self.nothing).rounded(.down)
    let needed = timePerRequest(after: whole) * (whole + 1 - served)
    guard let limit, limit < needed else {
      served = whole + 1
      return needed
    }
    served += limit / timePerRequest(after: whole)
    return limit
  }

  private func timePerRequest(after served: Double) -> Duration {
    guard let capacity = traits.capacity else { return .zero }
    var factor = slowdown
    if let coldSince, let cold = traits.cold {
      let warmth = min(1, (served - coldSince) / (cold.warmAfterSeconds * Double(rate)))
      factor *= 1 + (cold.slowdown - 1) * (1 - warmth)
    }
    return .seconds(factor / (capacity * Double(rate)))
  }
}

extension ServiceModel.Quota {
  /// How long a request has to stay away; `nil` if it is within the quota.
  fileprivate mutating func refusal(at now: Duration) -> Int? {
    if now >= lockedUntil {
      if now - second >= .seconds(1) { (second, served) = (now, 0) }
      served += 1
      guard served > perSecond else { return nil }
    }
    lockedUntil = now + .seconds(retryAfterSeconds)
    return retryAfterSeconds
  }
}
