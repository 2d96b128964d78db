/// What the data path must know of a breaker, in one machine word.
///
///     bits  0–1   phase
///     bit   2     a success changes nothing
///     bit   3     every call goes through the machine
///     bit   4     successes are counted by time
///     bit   5     someone is at the machine
///     bits  8–31  successes not yet told to the machine
///     bits 32–63  term
///
/// A term never changes its phase, so two words of one term are of one phase. While the circuit is
/// closed a success either changes nothing, which a load finds out, or is added to the count here,
/// for whoever next takes the lock to tell the machine.
@frozen
@usableFromInline
struct BreakerWord: Equatable, Sendable {
  @usableFromInline let bits: UInt64

  @inlinable
  init(bits: UInt64) {
    self.bits = bits
  }

  @usableFromInline static let phases: UInt64 = 0b11
  @usableFromInline static let quiet: UInt64 = 1 << 2
  @usableFromInline static let exact: UInt64 = 1 << 3
  static let timed: UInt64 = 1 << 4
  static let locked: UInt64 = 1 << 5
  @usableFromInline static let flags: UInt64 = 0xFF
  static let oneSuccess: UInt64 = 1 << 8
  private static let successes: UInt64 = 0xFFFF_FF00

  init(term: UInt32, phase: BreakerMachine.Phase, flags: UInt64) {
    bits = UInt64(term) << 32 | flags | Self.code(of: phase)
  }

  private static func code(of phase: BreakerMachine.Phase) -> UInt64 {
    switch phase {
    case .closed: 0
    case .open: 1
    case .halfOpen: 2
    }
  }

  var state: BreakerState {
    switch bits & Self.phases {
    case 0: .closed
    case 1: .open
    default: .halfOpen
    }
  }

  var ticket: BreakerMachine.Ticket { .init(term: UInt32(truncatingIfNeeded: bits >> 32)) }

  /// Successes not yet told to the machine.
  var pending: Int { Int((bits & Self.successes) >> 8) }

  /// This word with the lock taken and the successes handed over.
  var taken: BreakerWord { BreakerWord(bits: bits & ~Self.successes | Self.locked) }

  /// This word with one more success, or `nil` when there is no room for one.
  var counting: BreakerWord? {
    bits & Self.successes == Self.successes ? nil : BreakerWord(bits: bits + Self.oneSuccess)
  }

  func has(_ flag: UInt64) -> Bool { bits & flag != 0 }

  /// Whether a call may pass on the strength of this word alone.
  @inlinable var admitsAll: Bool { bits & (Self.phases | Self.exact) == 0 }

  /// Whether a call admitted by `ticket` may succeed without a trace.
  @inlinable
  func isIndifferent(to ticket: BreakerWord) -> Bool {
    isOfTerm(ticket) && bits & Self.flags == Self.quiet
  }

  @inlinable
  func isOfTerm(_ other: BreakerWord) -> Bool { (bits ^ other.bits) >> 32 == 0 }
}
