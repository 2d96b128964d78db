public import Synchronization

/// What the copies of an ``AdaptiveThrottle`` share.
@usableFromInline
final class ThrottleCore: Sendable {
  let name: String
  @usableFromInline let classifier: Classifier
  private let timeline: Timeline
  private let random: RandomSource
  private let observer: (any Observer)?
  private let machine: Guarded<ThrottleMachine>

  /// Whether anything was to be refused when the machine was last used; changed under its lock only.
  @usableFromInline let sheds = Atomic<Bool>(false)

  /// Whether a call has to ask before it is made.
  @inlinable var mayRefuse: Bool { sheds.load(ordering: .relaxed) }

  init(
    name: String,
    _ settings: ThrottleSettings,
    judging classifier: Classifier,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?
  ) {
    self.name = name
    self.classifier = classifier
    self.timeline = timeline
    self.random = random
    self.observer = observer
    machine = Guarded(ThrottleMachine(settings))
  }

  var settings: ThrottleSettings { machine.withLock { $0.settings } }

  /// What is to be refused now.
  var shedding: Shedding { change { _, _ in }.shedding }

  func apply(_ settings: ThrottleSettings) {
    _ = change { machine, _ in machine.apply(settings) }
  }

  /// Decides about a call while some are refused.
  ///
  /// - Throws: ``Throttled``.
  @usableFromInline
  func admit(_ criticality: Criticality) throws {
    let draw = random.unit()
    let admission = change { machine, now in machine.admit(criticality, draw: draw, at: now) }
    guard case .refused(let share) = admission.result else { return }
    let error = Throttled(policy: name, probability: share, criticality: criticality)
    observer?.observe(Event(policy: name, at: timeline.now, kind: .refused(error)))
    throw error
  }

  /// Counts how an admitted call ended.
  @usableFromInline
  func settle(_ criticality: Criticality, as verdict: Verdict) {
    guard verdict != .ignored else { return }
    _ = change { machine, now in machine.settle(criticality, as: verdict, at: now) }
  }

  private func change<R: Sendable>(
    _ body: (inout ThrottleMachine, Moment) -> R
  ) -> (result: R, shedding: Shedding) {
    let now = timeline.coarseNow
    return machine.withLock { machine in
      let result = body(&machine, now)
      let shedding = machine.shedding(at: now)
      if sheds.load(ordering: .relaxed) != shedding.isAny {
        sheds.store(shedding.isAny, ordering: .relaxed)
      }
      return (result, shedding)
    }
  }
}
