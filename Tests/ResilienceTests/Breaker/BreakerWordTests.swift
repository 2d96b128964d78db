import Testing

@testable import Resilience

@Suite("Breaker word")
struct BreakerWordTests {
  private let word = BreakerWord(term: .max, phase: .closed, flags: 0)

  @Test("A success is counted in its own field, up to the last one that fits")
  func saturation() throws {
    let full = BreakerWord(bits: word.bits | 0xFFFF_E000)
    #expect(full.pending == 0xF_FFFE)
    let last = try #require(full.counting)
    #expect(last.pending == 0xF_FFFF)
    #expect(last.term == word.term)
    #expect(last.state == .closed)
    #expect(last.counting == nil)
  }

  @Test("Taking the lock hands the successes over and keeps the term")
  func taking() throws {
    let counted = try #require(word.counting?.counting)
    #expect(counted.pending == 2)
    #expect(counted.taken.pending == 0)
    #expect(counted.taken.has(BreakerWord.locked))
    #expect(counted.taken.term == word.term)
  }

  @Test("Only a quiet word says that a success changes nothing")
  func indifference() {
    let quiet = BreakerWord(term: 7, phase: .closed, flags: BreakerWord.quiet)
    #expect(quiet.isQuiet)
    #expect(!BreakerWord(term: 7, phase: .closed, flags: 0).isQuiet)
    // Neither one of another term nor one that is being worked on is the word that was seen.
    #expect(quiet != BreakerWord(term: 8, phase: .closed, flags: BreakerWord.quiet))
    #expect(quiet != quiet.taken)
  }

  @Test("Only a closed word without exact counting admits by itself")
  func admission() {
    #expect(word.admitsAll)
    #expect(!BreakerWord(term: 0, phase: .closed, flags: BreakerWord.exact).admitsAll)
    #expect(!BreakerWord(term: 0, phase: .open(until: .origin), flags: 0).admitsAll)
    #expect(
      !BreakerWord(term: 0, phase: .halfOpen(.init(since: .origin, step: 0)), flags: 0).admitsAll
    )
  }
}
