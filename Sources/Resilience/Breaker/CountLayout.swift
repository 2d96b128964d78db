/// Where the windows of a rule have their counts, in the words of ``CallCounts``.
///
/// A *cell* counts calls: successes and failures in a word, half of it each, and where it matters
/// how long calls take the slow ones among them in another.
///
///     rolling     newest bucket · a cell per bucket
///     last calls  next place    · a cell · a bit per failure … · a bit per slow call …
final class CountLayout: Sendable {
  /// Where one window has its counts.
  struct Part: Sendable {
    let window: CallWindow
    /// The first of its words.
    let start: Int
    /// Its number of buckets or calls.
    let size: Int
    /// Length of a bucket in nanoseconds; zero for a window without.
    let bucketLength: Int64
  }

  /// One element per distinct window, in the order of the rule.
  let parts: [Part]
  /// The number of words of all windows.
  let words: Int
  /// Whether slow calls are counted.
  let countsSlow: Bool
  /// How successes may be collected.
  let tick: BreakerTick

  convenience init(_ choices: BreakerPlan.Choices) {
    let rule = choices.trip.node
    self.init(
      rule.windows,
      countsSlow: choices.slowAfter != nil || rule.looksAtSlowness
    )
  }

  init(_ windows: [CallWindow], countsSlow: Bool) {
    let wordsPerCell = countsSlow ? 2 : 1
    var parts: [Part] = []
    var end = 0
    for window in windows {
      switch window {
      case .rolling(_, let size):
        let length = window.bucketLength ?? 1
        parts.append(Part(window: window, start: end, size: size, bucketLength: length))
        end += 1 + size * wordsPerCell
      case .lastCalls(let size):
        parts.append(Part(window: window, start: end, size: size, bucketLength: 0))
        end += 1 + wordsPerCell * (1 + Part.words(ofBits: size))
      }
    }
    self.parts = parts
    words = end
    self.countsSlow = countsSlow
    tick = BreakerTick(parts.map(\.bucketLength).filter { $0 > 0 })
  }
}

extension CountLayout.Part {
  static func words(ofBits bits: Int) -> Int { (bits + 63) / 64 }
}
