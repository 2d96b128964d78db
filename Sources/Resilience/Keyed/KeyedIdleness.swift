/// After how long an entry that nobody uses is removed, and by which time.
@usableFromInline
struct KeyedIdleness: Sendable {
  /// In nanoseconds; `Int64.max` for never, and then time is not read.
  @usableFromInline let span: Int64
  private let timeline: Timeline

  init(after duration: Duration?, timeline: Timeline) {
    span = duration?.clampedNanoseconds ?? .max
    self.timeline = timeline
  }

  /// The present moment, to within a few milliseconds; the origin where time does not matter.
  @inlinable var now: Moment { isLimited ? reading : Moment(nanoseconds: 0) }

  @inlinable var isLimited: Bool { span != .max }

  @usableFromInline var reading: Moment { timeline.coarseNow }
}
