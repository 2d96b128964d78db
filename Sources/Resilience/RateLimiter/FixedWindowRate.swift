/// So many permits per window, counted anew in each; windows begin at multiples of their length.
///
/// A closed span of length *l* touches at most ⌈*l* / per⌉ + 1 windows, and so sees at most that many
/// times `permits`: twice as many around an edge.
struct FixedWindowRate: RateMachine {
  private let permits: Int
  private let per: Int64
  /// When the window of the last permit began.
  private var start = Moment.distantPast
  /// How many were taken in that window.
  private var used = 0

  /// Creates a machine in whose present window nothing has been taken.
  ///
  /// - Parameters:
  ///   - permits: How many permits a window has. At least 1.
  ///   - per: The length of a window in nanoseconds. Positive.
  init(permits: Int, per: Int64) {
    self.permits = permits
    self.per = per
  }

  var capacity: Int { permits }

  func earliest(_ weight: Int, at now: Moment) -> Moment {
    let now = max(now, start)
    guard weight > available(at: now) else { return now }
    return windowStart(of: now).advanced(byNanoseconds: per)
  }

  mutating func take(_ weight: Int, at moment: Moment) {
    let begun = windowStart(of: moment)
    if begun > start { (start, used) = (begun, 0) }
    used += weight
  }

  func available(at now: Moment) -> Int {
    windowStart(of: now) > start ? permits : max(0, permits - used)
  }

  private func windowStart(of moment: Moment) -> Moment {
    let rest = moment.nanoseconds % per
    return moment.advanced(byNanoseconds: rest < 0 ? -rest - per : -rest)
  }
}
