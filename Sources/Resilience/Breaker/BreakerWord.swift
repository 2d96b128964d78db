/// What the data path must know of a breaker, in one machine word.
///
///     bits  0–2   phase
///     bit   3     a success changes nothing
///     bit   4     every call goes through the machine
///     bit   5     successes are counted by time
///     bit   6     the duration of calls matters
///     bit   7     nobody is refused (shadow mode)
///     bit   8     someone is at the machine
///     bit   9     some of what happens is drawn by chance
///     bit  10     an observer is told of each call
///     bits 12–31  successes not yet told to the machine
///     bits 32–63  term
///
/// A term never changes its phase, so two words of one term are of one phase. While the circuit is
/// closed a success either changes nothing, which a load finds out, or is added to the count here,
/// for whoever next takes the lock to tell the machine.
@frozen
@usableFromInline
struct BreakerWord: Hashable, Sendable {
  @usableFromInline let bits: UInt64

  @inlinable
  init(bits: UInt64) {
    self.bits = bits
  }

  private static let phases: UInt64 = 0b111
  @usableFromInline static let quiet: UInt64 = 1 << 3
  static let exact: UInt64 = 1 << 4
  static let timed: UInt64 = 1 << 5
  @usableFromInline static let measured: UInt64 = 1 << 6
  static let shadow: UInt64 = 1 << 7
  static let locked: UInt64 = 1 << 8
  static let chance: UInt64 = 1 << 9
  @usableFromInline static let observed: UInt64 = 1 << 10
  @usableFromInline static let flags: UInt64 = 0xFFF
  /// What keeps a call from passing on the strength of the word alone.
  @usableFromInline static let obstacles: UInt64 = 0b111 | 1 << 4
  /// What does not keep successes from being counted in the word.
  private static let collecting = timed | measured | shadow | chance | observed
  private static let oneSuccess: UInt64 = 1 << 12
  private static let successes: UInt64 = 0xFFFF_F000

  init(term: UInt32, phase: BreakerMachine.Phase, flags: UInt64) {
    bits = UInt64(term) << 32 | flags | Self.code(of: phase)
  }

  private static func code(of phase: BreakerMachine.Phase) -> UInt64 {
    switch phase {
    case .closed: 0
    case .open: 1
    case .halfOpen: 2
    case .forcedOpen: 3
    case .disabled: 4
    }
  }

  var state: BreakerState {
    switch bits & Self.phases {
    case 0: .closed
    case 1: .open
    case 2: .halfOpen
    case 3: .forcedOpen
    default: .disabled
    }
  }

  var term: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }

  /// Successes not yet told to the machine.
  var pending: Int { Int((bits & Self.successes) >> 12) }

  /// This word with the lock taken and the successes handed over.
  var taken: BreakerWord { BreakerWord(bits: bits & ~Self.successes | Self.locked) }

  /// This word with one more success, or `nil` when there is no room for one.
  var counting: BreakerWord? {
    bits & Self.successes == Self.successes ? nil : BreakerWord(bits: bits + Self.oneSuccess)
  }

  /// Whether successes are counted in the word.
  var collects: Bool { bits & Self.flags & ~Self.collecting == 0 }

  func has(_ flag: UInt64) -> Bool { bits & flag != 0 }

  /// Whether a call may pass on the strength of this word alone.
  @inlinable var admitsAll: Bool { bits & Self.obstacles == 0 }

  /// Whether a call may pass on the strength of this word alone, whenever it begins, unseen.
  @inlinable var admitsAtOnce: Bool {
    bits & (Self.obstacles | Self.measured | Self.observed) == 0
  }

  /// Whether it matters when a call began.
  @inlinable var isMeasured: Bool { bits & Self.measured != 0 }

  /// Whether a success changes nothing, and nobody wants to know of it.
  @inlinable var isQuiet: Bool { bits & (Self.quiet | Self.observed) == Self.quiet }

  /// Whether a success changes nothing, and nobody is at the machine.
  var isUnmoved: Bool { bits & (Self.quiet | Self.locked) == Self.quiet }

  /// Whether an observer is told of each call.
  var isObserved: Bool { bits & Self.observed != 0 }

  /// Whether successes are counted by time.
  var isTimed: Bool { bits & Self.timed != 0 }

  @inlinable
  func isOfTerm(_ other: BreakerWord) -> Bool { (bits ^ other.bits) >> 32 == 0 }
}

/// Permission for one call, as the data path carries it.
@frozen
@usableFromInline
struct BreakerTicket: Sendable {
  @usableFromInline let word: BreakerWord
  /// Number of the probe, 0 for a call that is none, or `uncounted`.
  @usableFromInline let probe: UInt32
  /// When the call began, where its duration matters.
  @usableFromInline let start: Moment

  static let uncounted = UInt32.max

  @inlinable
  init(_ word: BreakerWord, _ start: Moment) {
    self.init(word, probe: 0, start: start)
  }

  @inlinable
  init(_ word: BreakerWord, probe: UInt32, start: Moment) {
    self.word = word
    self.probe = probe
    self.start = start
  }

  var isUncounted: Bool { probe == Self.uncounted }

  var ticket: BreakerMachine.Ticket { .init(term: word.term, probe: probe) }
}
