/// Which of the things that are ready in a simulated world comes first.
///
/// A choice is made only where two or more things are ready at the same moment: tasks that can go
/// on, and alarms that are due.
public enum Schedule: Hashable, Sendable, CustomStringConvertible {
  /// Any of them, drawn from the seed.
  case seeded

  /// The one that has been ready longest; tasks come before alarms.
  case inOrder

  /// Choices made before, one element per choice, first choice first: 0 takes the one that has been
  /// ready longest, 1 the next, and so on. After the last element the order is ``inOrder``.
  case replay([Int])

  /// The schedule, as it is written in code.
  public var description: String {
    switch self {
    case .seeded: ".seeded"
    case .inOrder: ".inOrder"
    case .replay(let choices): ".replay(\(choices))"
    }
  }
}

/// A choice that was made: which, and of how many.
struct Choice: Hashable, Sendable {
  let index: Int
  let count: Int
}

/// Makes the choices of a schedule, and remembers them on request.
struct Chooser: Sendable {
  private let schedule: Schedule
  private var random: SplitMix64
  private let remembers: Bool
  private var made = 0

  /// The choices so far, if they are remembered, oldest first.
  private(set) var choices: [Choice] = []

  init(_ schedule: Schedule, random: SplitMix64, remembers: Bool) {
    self.schedule = schedule
    self.random = random
    self.remembers = remembers
  }

  /// Chooses one of `count` things.
  mutating func choose(of count: Int) -> Int {
    guard count > 1 else { return 0 }
    let index: Int
    switch schedule {
    case .seeded: index = Int(random.next().multipliedFullWidth(by: UInt64(count)).high)
    case .inOrder: index = 0
    case .replay(let choices): index = made < choices.count ? min(choices[made], count - 1) : 0
    }
    made += 1
    if remembers { choices.append(Choice(index: index, count: count)) }
    return index
  }
}
