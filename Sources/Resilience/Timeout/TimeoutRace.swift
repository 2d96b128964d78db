private import Synchronization

/// Who ended a call: it finished, it reached its limit, or its caller was cancelled.
///
/// The first to say so decides, and everyone else is told that they came too late.
///
///     running ──▶ finished | limit | cancelled
@usableFromInline
struct TimeoutRace: ~Copyable, Sendable {
  @usableFromInline
  enum End: UInt8 {
    case running, finished, limit, cancelled
  }

  private let state = Atomic<UInt8>(End.running.rawValue)

  @usableFromInline
  init() {}

  /// How the call ended, or that it is running.
  @usableFromInline var end: End { End(rawValue: state.load(ordering: .acquiring)) ?? .running }

  /// Says that the call has ended in the given way.
  ///
  /// - Returns: Whether that was the first word.
  @usableFromInline
  @discardableResult
  func decide(_ end: End) -> Bool {
    state.compareExchange(
      expected: End.running.rawValue,
      desired: end.rawValue,
      ordering: .acquiringAndReleasing
    ).exchanged
  }
}
