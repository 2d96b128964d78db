/// The rules of an ``AdaptiveThrottle`` as a value.
///
/// A call that is refused counts as a request at once. One that is admitted counts when it ends, and
/// not when it begins: a client that has just started may have any number of calls in flight of which
/// none *can* have been accepted yet, and would throttle itself for no reason. What is in flight
/// says nothing either way.
struct ThrottleMachine: Sendable {
  /// What becomes of a call.
  enum Admission: Hashable, Sendable {
    case admitted
    /// It was one of the share of its class that is to be refused.
    case refused(share: Double)
  }

  private(set) var settings: ThrottleSettings
  private var window: RollingTime<ThrottleTally>

  init(_ settings: ThrottleSettings) {
    self.settings = settings
    window = settings.emptyWindow
  }

  /// Decides about a call.
  ///
  /// - Parameters:
  ///   - criticality: Its class.
  ///   - draw: A number from 0 ..< 1; those below the share of the class refuse.
  ///   - now: When it comes.
  /// - Returns: What becomes of it.
  mutating func admit(_ criticality: Criticality, draw: Double, at now: Moment) -> Admission {
    let share = shedding(at: now).share(of: criticality)
    guard draw < share else { return .admitted }
    window.record(ThrottleTally(criticality, isAccepted: false), at: now)
    return .refused(share: share)
  }

  /// Counts how an admitted call ended: a success was accepted, a failure was not, and an ignored
  /// one is not counted.
  mutating func settle(_ criticality: Criticality, as verdict: Verdict, at now: Moment) {
    switch verdict {
    case .success: window.record(ThrottleTally(criticality, isAccepted: true), at: now)
    case .failure: window.record(ThrottleTally(criticality, isAccepted: false), at: now)
    case .ignored: break
    }
  }

  /// What is to be refused at `now`.
  mutating func shedding(at now: Moment) -> Shedding {
    window.advance(to: now)
    return Shedding(window.total, settings)
  }

  /// Goes on with other settings.
  ///
  /// The calls counted so far are kept unless the window is another.
  mutating func apply(_ new: ThrottleSettings) {
    if (new.window, new.buckets) != (settings.window, settings.buckets) {
      window = new.emptyWindow
    }
    settings = new
  }
}

extension ThrottleSettings {
  /// A window in which nothing has happened.
  fileprivate var emptyWindow: RollingTime<ThrottleTally> {
    let length = CallWindow.rolling(window, buckets: buckets).bucketLength ?? 1
    return RollingTime(bucketLength: length, buckets: buckets)
  }
}
