/// What is known of one endpoint, but for the calls in its window; which one it is, others know.
///
/// It has no references, so that looking at many of them is cheap.
struct EndpointSlot: Hashable, Sendable {
  enum Status: Hashable, Sendable {
    /// It gets calls. Can transition to `ejected`.
    case inService(since: Moment)

    /// It gets none until then. Can transition to `probing`, and to `inService` if others go.
    case ejected(until: Moment)

    /// One call tries it, which is given up at the end of its lease. Can transition to `inService`,
    /// `ejected`, and to itself with the next probe.
    case probing(lease: Moment)
  }

  /// Differs from that of every endpoint before, also if one comes back that was removed.
  let id: UInt64

  /// The number of the present status; what a call of an earlier one says moves nothing.
  private(set) var term: UInt64 = 0
  private(set) var status: Status

  var inFlight = 0
  var consecutiveFailures = 0

  /// Ejections that are not forgotten.
  private(set) var ejections = 0

  /// When its slow start began; `nil` if it had none.
  private(set) var rampStart: Moment?

  /// What round robin owes it.
  var credit = 0.0

  /// - Parameters:
  ///   - id: Its number.
  ///   - isNew: Whether it starts slowly.
  ///   - now: When it came.
  init(id: UInt64, isNew: Bool, at now: Moment) {
    self.id = id
    status = .inService(since: now)
    rampStart = isNew ? now : nil
  }

  var isInService: Bool {
    if case .inService = status { true } else { false }
  }

  /// Whether a probe is due.
  func awaitsProbe(at now: Moment) -> Bool {
    switch status {
    case .inService: false
    case .ejected(let until): until <= now
    case .probing(let lease): lease <= now
    }
  }

  /// The share of a full share of the calls that it is to get, in 0...1.
  func weight(_ slowStart: SlowStart, at now: Moment) -> Double {
    guard let rampStart else { return 1 }
    return slowStart.share(after: rampStart.nanoseconds(to: now))
  }

  /// Takes it out of service, for longer than the last time.
  ///
  /// - Parameters:
  ///   - settings: How long.
  ///   - draw: A number from 0 ..< 1, which shortens the time.
  ///   - now: From when on.
  /// - Returns: For how long.
  mutating func eject(_ settings: EndpointSettings, draw: Double, at now: Moment) -> Duration {
    let base = settings.ejection.clampedNanoseconds
    if case .inService(let since) = status {
      let forgotten = max(0, since.nanoseconds(to: now)) / base
      ejections = Int(max(0, Int64(ejections) - forgotten))
    }
    ejections += 1
    let (product, overflow) = base.multipliedReportingOverflow(by: Int64(ejections))
    let longest = min(overflow ? .max : product, settings.longestEjection.clampedNanoseconds)
    let shortened = Double(longest) * settings.ejectionJitter * draw
    let length = max(0, longest - Int64(shortened.rounded(.down).clampedToInt64))
    change(to: .ejected(until: now.advanced(byNanoseconds: length)))
    return .nanoseconds(length)
  }

  /// Begins a probe.
  mutating func probe(_ settings: EndpointSettings, at now: Moment) {
    term += 1
    status = .probing(lease: now.advanced(by: settings.ejection))
  }

  /// Lets the next call probe, since the last probe has said nothing.
  mutating func awaitNextProbe(at now: Moment) { status = .ejected(until: now) }

  /// Puts it back into service, with a slow start.
  mutating func restore(at now: Moment) {
    change(to: .inService(since: now))
    rampStart = now
  }

  private mutating func change(to next: Status) {
    term += 1
    status = next
    consecutiveFailures = 0
    credit = 0
  }
}

extension Double {
  /// This number as an integer, cut to those there are.
  fileprivate var clampedToInt64: Int64 {
    self >= 9.2e18 ? .max : self <= -9.2e18 ? .min : Int64(self)
  }
}
