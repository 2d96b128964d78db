import Synchronization

/// What most breakers never need, made by the first who does.
final class BreakerExtras: Sendable {
  /// Why a circuit opened.
  struct Trip {
    let reason: BreakerTransition.Reason
    let failure: (any Error)?
  }

  private struct Record {
    /// Transitions not yet announced, in order.
    var outbox: [BreakerTransition] = []
    var lastTrip: Trip?
  }

  /// Nanoseconds after which a call is slow.
  let slowAfter = Atomic<Int64>(.max)
  // A lock of its own, taken last: also by whoever is at the machine.
  private let record = Guarded(Record())
  private let madeHooks = MadeOnce<TransitionHooks>()
  private let madeLine = MadeOnce<BreakerLine>()
  private let madeChildren = MadeOnce<WeakList<CircuitBreaker>>()
  private let madeAnnouncer = MadeOnce<BreakerAnnouncer>()

  var hooks: TransitionHooks { madeHooks.get(TransitionHooks()) }
  var line: BreakerLine { madeLine.get(BreakerLine()) }
  var children: WeakList<CircuitBreaker> {
    madeChildren.get(WeakList())
  }
  var announcer: BreakerAnnouncer {
    madeAnnouncer.get(BreakerAnnouncer())
  }

  /// Whether anyone is told of transitions.
  var hasHooks: Bool { madeHooks.ifMade?.isNeeded ?? false }
  /// Whether no child lives.
  var isChildless: Bool { madeChildren.ifMade?.isEmpty ?? true }

  /// Lets those who stand in line ask again, the first or all of them.
  func wakeLine(all: Bool) { madeLine.ifMade?.wake(all: all) }

  /// Why the circuit opened last.
  var lastTrip: Trip? { record.withLock { $0.lastTrip } }

  func note(_ trip: Trip) { record.withLock { $0.lastTrip = trip } }

  func post(_ transition: BreakerTransition) { record.withLock { $0.outbox.append(transition) } }

  var hasAnnouncements: Bool { record.withLock { !$0.outbox.isEmpty } }

  /// The oldest transition not yet announced.
  func nextAnnouncement() -> BreakerTransition? {
    record.withLock { $0.outbox.isEmpty ? nil : $0.outbox.removeFirst() }
  }
}

/// Announces a breaker's transitions, one at a time and in order.
///
/// An actor apart, because the room that one takes is not for every breaker to have.
actor BreakerAnnouncer {
  private var isAnnouncing = false

  /// Announces what is in the outbox, unless that is being done already.
  func announce(_ extras: BreakerExtras) async {
    guard !isAnnouncing else { return }
    isAnnouncing = true
    defer { isAnnouncing = false }
    while let transition = extras.nextAnnouncement() {
      for hook in extras.hooks.all { await hook(transition) }
    }
  }
}
