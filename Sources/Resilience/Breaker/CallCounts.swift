/// What has been counted in the windows of a rule: nothing, or the words of a ``CountLayout``.
///
/// - Complexity: Of a rolling window, O(1) to count, O(buckets) after a pause, and O(buckets) to
///   ask; of the last calls, O(1) to count each and to ask.
struct CallCounts: Sendable {
  /// `nil` as long as nothing has been counted.
  private var words: Words?

  /// Counts calls that all ended alike, as if they had ended at `now`, one after the other.
  mutating func record(_ outcome: CallTally, at now: Moment, in layout: CountLayout) {
    guard layout.words > 0 else { return }
    var words = self.words ?? Words(zeros: layout.words)
    // Not shared with itself while it is being changed.
    self.words = nil
    words.change(count: layout.words) { words in
      for part in layout.parts {
        switch part.window {
        case .rolling: RollingCells(part, layout).record(outcome, at: now, in: &words)
        case .lastCalls: LastCalls(part, layout).record(outcome, in: &words)
        }
      }
    }
    self.words = words
  }

  /// What is in a window at `now`.
  func tally(of part: CountLayout.Part, at now: Moment, in layout: CountLayout) -> CallTally {
    guard let words else { return CallTally() }
    return words.read(count: layout.words) { words in
      switch part.window {
      case .rolling: RollingCells(part, layout).tally(at: now, in: words)
      case .lastCalls: LastCalls(part, layout).tally(in: words)
      }
    }
  }

  /// The words as they are, none when nothing has been counted; for tests that tell counts apart.
  func contents(in layout: CountLayout) -> [UInt64] {
    words?.read(count: layout.words) { words in words.indices.map { words[$0] } } ?? []
  }
}
