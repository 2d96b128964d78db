public import Synchronization

/// How many histories there are in this process, so that a retry looks at a clock only if somebody may
/// want to know.
///
/// A task that goes on after the recorded operation keeps the history, and so is counted.
@usableFromInline
final class Histories: Sendable {
  static let shared = Histories()

  @usableFromInline let count = Atomic<Int>(0)

  @inlinable var areKept: Bool { count.load(ordering: .relaxed) > 0 }
}
