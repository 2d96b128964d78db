/// What breakers with the same settings share: the settings, and what follows from them.
final class BreakerPlan: Sendable {
  /// The values of ``BreakerSettings``, one by one.
  struct Choices: Sendable {
    var trip: TripRule = .consecutiveFailures(5) || .failureRate(0.5, over: .seconds(10))
    var slowAfter: Duration?
    var open: OpenDuration = .constant(.seconds(30))
    var halfOpen = HalfOpenSettings()
    var grace: Duration = .zero
    var startsOpen = false
  }

  /// The default settings.
  static let `default` = BreakerPlan(Choices())

  let choices: Choices
  /// Nanoseconds after which a call is slow; the largest number when none is.
  let slowAfter: Int64
  /// Whether anything is drawn by chance.
  let usesChance: Bool
  private let madeLayout = MadeOnce<CountLayout>()

  init(_ choices: Choices) {
    self.choices = choices
    slowAfter = choices.slowAfter?.clampedNanoseconds ?? .max
    usesChance = choices.open.usesChance || !choices.halfOpen.ramp.isEmpty
  }

  /// Where the rule's windows count, if the settings are valid.
  var layout: CountLayout { madeLayout.get(CountLayout(choices)) }
}
