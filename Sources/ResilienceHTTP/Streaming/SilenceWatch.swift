internal import Resilience

/// Ends a transfer whose peer says nothing for too long while someone waits for it.
///
/// A session on libcurl has a timer of its own for that, which goes on while the session is held
/// back, and so would end a body for the slowness of its reader.
final class SilenceWatch: Alarm {
  private struct State {
    var isWatching = false
    var last = Moment.distantPast
  }

  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  private let limit: Duration
  private let timeline = Timeline.system
  private let onSilence: @Sendable () -> Void
  private let state = Guarded(State())

  /// - Parameters:
  ///   - limit: The longest silence.
  ///   - onSilence: Called when it has lasted.
  init(_ limit: Duration, onSilence: @escaping @Sendable () -> Void) {
    self.limit = limit
    self.onSilence = onSilence
  }

  /// Begins to watch, from now on.
  func begin() {
    let now = timeline.now
    state.withLock { state in
      guard !state.isWatching else { return }
      state = State(isWatching: true, last: now)
      timeline.schedule(self, at: now.advanced(by: limit))
    }
  }

  /// Notes that the peer has said something, or taken something.
  func noteProgress() {
    let now = timeline.coarseNow
    state.withLock { $0.last = max($0.last, now) }
  }

  /// Ends watching.
  func end() {
    state.withLock { state in
      guard state.isWatching else { return }
      state.isWatching = false
      timeline.cancel(self)
    }
  }

  func ring() {
    let now = timeline.now
    let isSilent = state.withLock { state in
      guard state.isWatching else { return false }
      let end = state.last.advanced(by: limit)
      guard end > now else {
        state.isWatching = false
        return true
      }
      timeline.schedule(self, at: end)
      return false
    }
    if isSilent { onSilence() }
  }
}
