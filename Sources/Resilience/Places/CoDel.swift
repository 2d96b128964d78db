/// How a queue that does not empty any more is shortened: controlled delay.
///
/// A queue is good while it absorbs bursts, and bad when it stands: then everyone waits, and nothing
/// is gained by it. Controlled delay tells the two apart by time alone. When those at the head have
/// waited for longer than `target` during a whole `interval`, one of them is turned away, and then
/// more and more often, the *n*-th after `interval / √n`, until the wait is below the target again.
///
/// ## Source
/// Nichols, K. & Jacobson, V. (2012). [Controlling queue
/// delay](https://doi.org/10.1145/2208917.2209336), ACM Queue 10(5); Nichols, K. et al. (2018).
/// [RFC 8289](https://www.rfc-editor.org/rfc/rfc8289), section 5.
public struct CoDelSettings: Hashable, Sendable {
  /// The wait that is acceptable for good; positive.
  public var target = Duration.milliseconds(5)

  /// How long the wait may be above the target before anyone is turned away; at least `target`.
  ///
  /// About as long as a call takes in a bad case.
  public var interval = Duration.milliseconds(100)

  /// Creates the default settings, those of the paper.
  public init() {}

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - target: The wait that is acceptable for good. Positive.
  ///   - interval: How long the wait may be above it. At least `target`.
  public init(target: Duration, interval: Duration) {
    self.target = target
    self.interval = interval
  }

  func validate() throws(InvalidSetting) {
    try check("CoDel target", target, atLeast: .nanoseconds(1))
    try check("CoDel interval", interval, atLeast: target)
  }
}

/// The state of controlled delay for one queue, as a value.
///
/// The owner asks before it takes the head, and again for the next one after each that was dropped.
struct CoDel: Equatable, Sendable {
  /// When the wait will have been above the target for an interval; `nil` while it is below.
  private var standingFrom: Moment?
  private var isDropping = false
  /// Drops since dropping began, or what is carried over from the last time.
  private var count = 0
  private var lastCount = 0
  private var nextDrop = Moment.origin
  /// Whether the one asked about last was dropped and the time of the next is to be set.
  private var hasDropped = false

  /// Whether the one at the head, who has waited for so long, is to be turned away; the last one,
  /// with nobody behind it, never is.
  mutating func shouldDrop(
    waited: Duration,
    isLast: Bool,
    at now: Moment,
    _ settings: CoDelSettings
  ) -> Bool {
    let isStanding = isStanding(waited: waited, isLast: isLast, at: now, settings)
    guard isDropping else {
      if isStanding { begin(at: now, settings) }
      return isStanding
    }
    guard isStanding else {
      (isDropping, hasDropped) = (false, false)
      return false
    }
    if hasDropped {
      nextDrop = nextDrop.advanced(by: settings.pause(after: count))
      hasDropped = false
    }
    guard now >= nextDrop else { return false }
    count += 1
    hasDropped = true
    return true
  }

  /// Takes note that nobody waits any more: whatever stood has gone.
  mutating func rest() {
    (standingFrom, isDropping, hasDropped) = (nil, false, false)
  }

  private mutating func isStanding(
    waited: Duration,
    isLast: Bool,
    at now: Moment,
    _ settings: CoDelSettings
  ) -> Bool {
    guard waited >= settings.target, !isLast else {
      standingFrom = nil
      return false
    }
    guard let standingFrom else {
      self.standingFrom = now.advanced(by: settings.interval)
      return false
    }
    return now >= standingFrom
  }

  /// Begins to drop, at the rate of the last time if that was not long ago.
  private mutating func begin(at now: Moment, _ settings: CoDelSettings) {
    isDropping = true
    let isRecent = nextDrop.advanced(by: settings.interval * 16) > now
    let carried = count - lastCount
    count = isRecent && carried > 1 ? carried : 1
    lastCount = count
    nextDrop = now.advanced(by: settings.pause(after: count))
  }
}

extension CoDelSettings {
  /// Time between two drops: `interval / √count`.
  fileprivate func pause(after count: Int) -> Duration {
    interval.scaled(by: 1 / Double(count).squareRoot())
  }
}
