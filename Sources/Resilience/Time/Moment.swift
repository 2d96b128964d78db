/// A point on a ``Timeline``, in whole nanoseconds since the origin of that timeline.
///
/// Arithmetic saturates: a huge duration leads to the distant future and stays there, a negative
/// one leads at most to the distant past. Nothing here traps.
@frozen
public struct Moment: Hashable, Comparable, Sendable {
  /// Nanoseconds since the origin of the timeline.
  public let nanoseconds: Int64

  /// Creates the moment that lies the given number of nanoseconds after the origin.
  @inlinable
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Creates the moment that lies the given duration after the origin.
  public init(_ sinceOrigin: Duration) {
    nanoseconds = sinceOrigin.clampedNanoseconds
  }

  /// The origin of the timeline.
  public static let origin = Moment(nanoseconds: 0)

  /// A moment that never comes: some 292 years after the origin.
  public static let distantFuture = Moment(nanoseconds: .max)

  /// A moment that was always over: some 292 years before the origin.
  public static let distantPast = Moment(nanoseconds: .min)

  /// Time between the origin and this moment.
  public var sinceOrigin: Duration { .nanoseconds(nanoseconds) }

  /// Whether this moment lies before the other one.
  @inlinable
  public static func < (lhs: Moment, rhs: Moment) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  /// The moment that lies `duration` after this one; the distant future absorbs what is too long.
  public func advanced(by duration: Duration) -> Moment {
    advanced(byNanoseconds: duration.clampedNanoseconds)
  }

  /// Time from this moment to a later one; negative when `other` lies before this one.
  public func duration(to other: Moment) -> Duration {
    .nanoseconds(nanoseconds(to: other))
  }

  @usableFromInline
  package func advanced(byNanoseconds step: Int64) -> Moment {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(step)
    return Moment(nanoseconds: overflow ? (step < 0 ? .min : .max) : sum)
  }

  @usableFromInline
  package func nanoseconds(to other: Moment) -> Int64 {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return overflow ? (nanoseconds < 0 ? .max : .min) : difference
  }
}

extension Duration {
  /// This duration in whole nanoseconds, rounded towards zero, clamped to what `Int64` can hold.
  package var clampedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }
}
