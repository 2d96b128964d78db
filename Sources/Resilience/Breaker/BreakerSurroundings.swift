/// What breakers of the same surroundings share, and what never changes in a breaker's life.
final class BreakerSurroundings: Sendable {
  let classifier: Classifier
  let timeline: Timeline
  let random: RandomSource
  let observer: (any Observer)?
  let parent: CircuitBreaker?
  /// Whether every call has to be looked at, even of a circuit that is closed.
  let isExact: Bool

  /// Those of a breaker that is given none of its own.
  private static let usual = BreakerSurroundings(.standard, .system, .system, nil, nil)

  private init(
    _ classifier: Classifier,
    _ timeline: Timeline,
    _ random: RandomSource,
    _ observer: (any Observer)?,
    _ parent: CircuitBreaker?
  ) {
    self.classifier = classifier
    self.timeline = timeline
    self.random = random
    self.observer = observer
    self.parent = parent
    isExact = classifier.judgesValues || parent != nil
  }

  /// The given surroundings, in one object for all breakers if they are the usual ones.
  static func of(
    classifier: Classifier,
    timeline: Timeline,
    random: RandomSource,
    observer: (any Observer)?,
    parent: CircuitBreaker?
  ) -> BreakerSurroundings {
    let isUsual =
      classifier.isStandard && timeline.isSame(as: .system) && random.isSystem
      && observer == nil && parent == nil
    return isUsual ? usual : BreakerSurroundings(classifier, timeline, random, observer, parent)
  }
}
