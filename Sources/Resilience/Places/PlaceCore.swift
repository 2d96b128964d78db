public import Synchronization

/// The places of a ``Bulkhead``, or of another limit on concurrency, and the queue for them.
///
/// One word holds how many places are taken, and whether anyone waits. While nobody waits, places
/// are taken and given back by a single exchange. While someone does, newcomers join the queue and
/// places are handed over under the lock, so that nobody overtakes.
@usableFromInline
final class PlaceCore: Sendable {
  private struct State {
    var queue = PlaceQueue<PlaceWaiter>()
    var settings: PlaceSettings
    /// The places that each class may fill, the least critical one first.
    var limits: [UInt64]
  }

  /// Set in the word while the queue is not empty; changed under the lock only.
  @usableFromInline static let waiting: UInt64 = 1 << 63

  @usableFromInline let word = Atomic<UInt64>(0)
  /// The places that calls of every class may fill.
  @usableFromInline let openLimit: Atomic<UInt64>
  private let state: Guarded<State>
  private let looksAtTime: Atomic<Bool>
  private let timeline: Timeline

  init(_ settings: PlaceSettings, timeline: Timeline) {
    requireValid(settings.validate)
    self.timeline = timeline
    let limits = settings.shares.limits(of: settings.limit)
    openLimit = Atomic(limits[0])
    looksAtTime = Atomic(settings.queue.looksAtTime)
    state = Guarded(State(settings: settings, limits: limits))
  }

  /// How many places are taken.
  var running: Int { Int(word.load(ordering: .relaxed) & ~Self.waiting) }

  /// How many calls wait.
  var queued: Int { state.withLock { $0.queue.count } }

  var settings: PlaceSettings { state.withLock { $0.settings } }

  /// Whether nobody runs or waits.
  var isAtRest: Bool { word.load(ordering: .relaxed) == 0 }

  // MARK: What costs an exchange

  /// Takes places if they are free for every class and nobody waits.
  @inlinable
  @inline(__always)
  func enter(_ weight: UInt64 = 1) -> Bool {
    let limit = openLimit.load(ordering: .relaxed)
    var seen = word.load(ordering: .relaxed)
    // With someone waiting the word is greater than any limit.
    while seen < limit, weight <= limit &- seen {
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen,
        desired: seen &+ weight,
        ordering: .acquiring
      )
      if exchanged { return true }
      seen = original
    }
    return false
  }

  /// Gives places back, to whoever is next.
  @inlinable
  @inline(__always)
  func leave(_ weight: UInt64 = 1) {
    var seen = word.load(ordering: .relaxed)
    while seen < Self.waiting {
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen,
        desired: seen &- weight,
        ordering: .releasing
      )
      if exchanged { return }
      seen = original
    }
    handOver(weight)
  }

  // MARK: Waiting

  /// Takes places once they are free.
  ///
  /// - Parameters:
  ///   - weight: How many. At least 1.
  ///   - onQueued: Called when the call has to wait, outside the lock.
  /// - Returns: Why there are none, or `nil` with the places taken.
  /// - Throws: `CancellationError`, with none taken.
  func enterOrWait(_ weight: UInt64, onQueued: () -> Void) async throws -> PlaceRefusal? {
    try Task.checkCancellation()
    let request = PlaceQueue<PlaceWaiter>.Request(
      weight: weight,
      criticality: .current,
      key: FairnessKey.current ?? ""
    )
    let patience = Deadline.current?.remaining
    let now = timeline.now
    let (entry, victim) = state.withLock { enter(request, at: now, patience, &$0) }
    victim?.end(.refused(.displaced))
    switch entry {
    case .entered: return nil
    case .refused(let refusal): return refusal
    case .queued(let waiter, let place, let maxWait):
      onQueued()
      timeline.schedule(waiter, at: now.advanced(by: maxWait))
      // A newcomer may be next although others wait, and fit where they do not: a lighter one of a
      // key whose turn it is, or the newest one of a queue that is served in that order.
      handOver(at: now) { _ in }
      return try await wait(waiter, at: place, upTo: maxWait)
    }
  }

  private enum Entry {
    case entered
    case queued(PlaceWaiter, PlaceQueue<PlaceWaiter>.Place, upTo: Duration)
    case refused(PlaceRefusal)
  }

  private func enter(
    _ request: PlaceQueue<PlaceWaiter>.Request,
    at now: Moment,
    _ patience: Duration?,
    _ state: inout State
  ) -> (Entry, victim: PlaceWaiter?) {
    let limit = state.limits[Int(request.criticality.rawValue)]
    let weight = request.weight
    guard weight <= limit else {
      return (.refused(.tooHeavy(weight, limit: limit)), nil)
    }
    let settings = state.settings.queue
    let maxWait = min(settings.maxWait, patience ?? settings.maxWait)
    let mayWait = settings.limit > 0 && maxWait > .zero
    if state.queue.isNext(request.criticality), take(weight, upTo: limit, orAnnounce: mayWait) {
      return (.entered, nil)
    }
    guard mayWait else { return (.refused(.queueFull), nil) }
    let waiter = PlaceWaiter()
    switch state.queue.join(waiter, request, at: now, settings) {
    case .joined(let place):
      return (.queued(waiter, place, upTo: maxWait), nil)
    case .joinedInstead(let victim, let place):
      return (.queued(waiter, place, upTo: maxWait), victim)
    case .full:
      return (.refused(.queueFull), nil)
    }
  }

  /// Takes places if they are free; else says that someone is about to wait.
  ///
  /// The lock is held. Others may still come and go by exchange until that has been said.
  private func take(_ weight: UInt64, upTo limit: UInt64, orAnnounce announces: Bool) -> Bool {
    var seen = word.load(ordering: .relaxed)
    while true {
      let taken = seen & ~Self.waiting
      let fits = taken < limit && weight <= limit - taken
      guard fits || (announces && seen < Self.waiting) else { return false }
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen,
        desired: fits ? seen + weight : seen | Self.waiting,
        ordering: .acquiring
      )
      if exchanged { return fits }
      seen = original
    }
  }

  private func wait(
    _ waiter: PlaceWaiter,
    at place: PlaceQueue<PlaceWaiter>.Place,
    upTo maxWait: Duration
  ) async throws -> PlaceRefusal? {
    let outcome = await withTaskCancellationHandler {
      await waiter.wait()
    } onCancel: {
      if waiter.end(.cancelled) { forget(place) }
    }
    timeline.cancel(waiter)
    switch outcome {
    case .granted: return nil
    case .refused(let refusal): return refusal
    case .cancelled: throw CancellationError()
    case .expired:
      forget(place)
      return .waitedTooLong(maxWait)
    }
  }

  /// Leaves the queue without a place; whoever is next may fit where this one did not.
  private func forget(_ place: PlaceQueue<PlaceWaiter>.Place) {
    handOver(at: queueTime) { $0.queue.leave(place) }
  }

  // MARK: Handing over

  /// Gives places to those who wait, in their order, and back what is left.
  @usableFromInline
  func handOver(_ weight: UInt64) {
    handOver(at: queueTime) { _ in word.subtract(weight, ordering: .releasing) }
  }

  /// Goes on with other settings: who runs, runs on, and those who wait keep their places.
  func apply(_ settings: PlaceSettings) {
    let limits = settings.shares.limits(of: settings.limit)
    handOver(at: timeline.now) { state in
      looksAtTime.store(settings.queue.looksAtTime, ordering: .relaxed)
      state.settings = settings
      state.limits = limits
      openLimit.store(limits[0], ordering: .relaxed)
    }
  }

  /// Goes on with another number of places: see ``apply(_:)``.
  func resize(to limit: Int) {
    handOver(at: queueTime) { state in
      state.settings.limit = limit
      state.limits = state.settings.shares.limits(of: limit)
      openLimit.store(state.limits[0], ordering: .relaxed)
    }
  }

  /// The present moment, where the queue cares.
  private var queueTime: Moment { looksAtTime.load(ordering: .relaxed) ? timeline.now : .origin }

  /// Changes something, and then lets everyone go who can.
  private func handOver(at now: Moment, after change: (inout State) -> Void) {
    var turn = state.withLock { state in
      change(&state)
      return next(at: now, &state)
    }
    while true {
      switch turn {
      case .none: return
      case .refused(let waiter, let refusal): waiter.end(.refused(refusal))
      case .granted(let waiter, let weight):
        // A place that comes too late goes to the next.
        if !waiter.end(.granted) { word.subtract(weight, ordering: .releasing) }
      }
      turn = state.withLock { next(at: now, &$0) }
    }
  }

  /// Takes out whoever is next, its places taken for it.
  private func next(at now: Moment, _ state: inout State) -> PlaceQueue<PlaceWaiter>.Turn {
    // While nobody waits the word belongs to those who come and go by exchange.
    guard word.load(ordering: .relaxed) & Self.waiting != 0 else { return .none }
    let turn = state.queue.next(
      taken: word.load(ordering: .relaxed) & ~Self.waiting,
      limits: state.limits,
      at: now,
      state.settings.queue
    )
    if case .granted(_, let weight) = turn { word.add(weight, ordering: .acquiring) }
    if state.queue.isEmpty { word.bitwiseAnd(~Self.waiting, ordering: .releasing) }
    return turn
  }
}
