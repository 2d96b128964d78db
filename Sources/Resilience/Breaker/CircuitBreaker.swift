/// Stops calling a callee that keeps failing, and finds out by itself when it is well again.
///
/// ```swift
/// let breaker = CircuitBreaker("payments", trip: .consecutiveFailures(5), openFor: .seconds(30))
/// let receipt = try await breaker.run { try await gateway.charge(order) }
/// ```
///
/// While **closed**, calls pass and their outcomes are counted; when the trip rule is met the
/// circuit opens. While **open**, calls are refused at once with ``CircuitOpen``. When the open
/// duration is over the circuit is **half-open**: a few calls pass as probes; enough successes
/// close it, and any failure opens it again.
///
/// A transition is in effect before the call that caused it returns. An outcome counts when the
/// call ends, in the window of that moment, and only while the state in which the call was
/// admitted still lasts: the result of a call from before a transition moves nothing. The number
/// that tells these terms apart has 32 bits, so a call would have to last for four thousand million
/// transitions to be mistaken for a newer one.
///
/// Calls do not hop onto the actor: they read one atomic word, and take a lock only around a
/// failure or a probe. The actor announces transitions to the hooks, one at a time and in order.
///
/// Time is monotonic, so a step of the wall clock changes nothing. Whether the open duration goes on
/// while the machine sleeps is the timeline's affair: see ``Timeline/system``.
public actor CircuitBreaker {
  @usableFromInline nonisolated let core: BreakerCore

  /// What runs methods that others isolate to the breaker, and its announcements.
  ///
  /// It is made when it is first needed, so that a breaker nobody listens to goes without.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe core.extras.announcer.unownedExecutor
  }

  /// Creates a circuit breaker that is closed.
  ///
  /// - Parameters:
  ///   - name: How the breaker is called in refusals, events and logs.
  ///   - settings: How it behaves. Must be valid.
  ///   - classifier: What an outcome says about the callee.
  ///   - parent: The breaker of what the callee is a part of, such as the host of an endpoint:
  ///     every call runs under it too, and it may open because its children are.
  ///   - control: What controls this breaker together with others.
  ///   - timeline: The time by which the circuit opens and closes.
  ///   - random: Where jitter, and the choice of calls on a ramp, come from.
  ///   - observer: Told of each call and each transition. Without one, calls cost least.
  ///   - onStateChange: A hook, as by ``onStateChange(_:)``.
  public init(
    _ name: String,
    _ settings: BreakerSettings,
    judging classifier: Classifier = .standard,
    parent: CircuitBreaker? = nil,
    control: BreakerControl? = nil,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil,
    onStateChange: (@Sendable (BreakerTransition) async -> Void)? = nil
  ) {
    self.init(
      name,
      settings,
      judging: classifier,
      parent: parent,
      timeline: timeline,
      random: random,
      observer: observer,
      term: 0
    )
    if let onStateChange { self.onStateChange(onStateChange) }
    control?.add(self)
  }

  /// Creates a circuit breaker that is closed, from the settings that most breakers need.
  ///
  /// - Parameters:
  ///   - name: How the breaker is called in refusals, events and logs.
  ///   - trip: When the circuit opens.
  ///   - openDuration: How long it stays open before the first probe. Zero and less let the next
  ///     call probe; what is too long for the timeline means for ever.
  ///   - probes: How many probes may run at once while half-open, in 1...65535.
  ///   - successesToClose: How many probes must succeed to close the circuit; at least 1, and as
  ///     many as `probes` by default.
  ///   - classifier: What an outcome says about the callee.
  ///   - timeline: The time by which the circuit opens and closes.
  ///   - observer: Told of each call and each transition. Without one, calls cost least.
  ///   - onStateChange: A hook, as by ``onStateChange(_:)``.
  public init(
    _ name: String,
    trip: TripRule = BreakerSettings().trip,
    openFor openDuration: Duration = .seconds(30),
    probes: Int = 1,
    closeAfter successesToClose: Int? = nil,
    judging classifier: Classifier = .standard,
    timeline: Timeline = .system,
    observer: (any Observer)? = nil,
    onStateChange: (@Sendable (BreakerTransition) async -> Void)? = nil
  ) {
    let brief = BreakerPlan.Brief(
      trip: trip,
      openDuration: openDuration,
      probes: probes,
      successesToClose: successesToClose
    )
    self.init(
      name,
      BreakerSettings(.of(brief)),
      judging: classifier,
      timeline: timeline,
      observer: observer,
      onStateChange: onStateChange
    )
  }

  init(
    _ name: String,
    _ settings: BreakerSettings,
    judging classifier: Classifier,
    parent: CircuitBreaker?,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?,
    term: UInt32
  ) {
    let surroundings = BreakerSurroundings.of(
      classifier: classifier,
      timeline: timeline,
      random: random,
      observer: observer,
      parent: parent
    )
    core = BreakerCore(name: name, settings, surroundings: surroundings, term: term)
    parent?.core.extras.children.add(self)
    core.start()
    guard let observer else { return }
    onStateChange { transition in
      let kind = Event.Kind.transition(transition)
      observer.observe(Event(policy: transition.breaker, at: transition.at, kind: kind))
    }
  }

  /// The name of the breaker.
  public nonisolated var name: String { core.name }

  /// How the breaker behaves now.
  public nonisolated var settings: BreakerSettings { core.settings }

  /// The state at this instant: half-open from the very end of the open duration.
  ///
  /// Asking changes nothing and takes no probe's place.
  public nonisolated var state: BreakerState { core.currentState }

  /// Whether a call would be let through at this instant.
  ///
  /// Asking changes nothing and takes no probe's place; by the time of the call the answer may be
  /// another. A parent is not asked.
  public nonisolated var wouldAdmit: Bool { core.wouldAdmit }

  /// What has been counted, at one instant: calls that fell out of a window are gone.
  ///
  /// Asking changes nothing and takes no probe's place.
  public nonisolated var snapshot: BreakerSnapshot { core.snapshot() }

  /// Whether the circuit is closed and remembers nothing against its callee: no failure in a row,
  /// no failure and no slow call in its windows; whether nobody holds it, and no child lives.
  ///
  /// Successes alone may be forgotten.
  public nonisolated var isAtRest: Bool { core.isAtRest }

  /// Registers a hook that is called at each transition.
  ///
  /// Hooks run one after the other, transition by transition, in order, on a task of their own that
  /// the call which caused the transition waits for; a transition that happens meanwhile, even
  /// through the hook, is announced by the same task afterwards. No lock is held: a hook may use
  /// the breaker.
  ///
  /// - Parameter hook: Called with each transition that happens from now on.
  /// - Returns: What removes the hook again.
  @discardableResult
  public nonisolated func onStateChange(
    _ hook: @escaping @Sendable (BreakerTransition) async -> Void
  ) -> HookRegistration {
    core.extras.hooks.add(hook)
  }

  /// Waits until the transitions so far have been announced, or are being announced by another.
  nonisolated func deliverAnnouncements() async {
    guard core.hasAnnouncements else { return }
    // A task of its own, so that the caller's cancellation and deadline are not the hooks'.
    let extras = core.extras
    await Task.detached(executorPreference: inheritedExecutor()) {
      await extras.announcer.announce(extras)
    }.value
  }
}
