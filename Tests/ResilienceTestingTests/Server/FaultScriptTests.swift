import Testing

@testable import ResilienceTesting

@Suite("Fault script")
struct FaultScriptTests {
  private var script = FaultScript(seed: 1)

  @Test("Without rules nothing happens")
  mutating func empty() {
    #expect(decide() == FaultScript.Decision())
    #expect(script.outage(at: .zero) == .none)
    #expect(refuses() == false)
  }

  @Test("A fault for the next two requests hits two")
  mutating func next() {
    let id = script.inject(.hang, .next(2), at: .zero)
    #expect((1...4).map { _ in decide().terminal != nil } == [true, true, false, false])
    #expect(script.hits(of: id) == 2)
    #expect(!script.isHealed(id))
  }

  @Test("A fault during a span ends when the span is over, counted from its injection")
  mutating func during() {
    _ = script.inject(.hang, .during(.seconds(10)), at: .seconds(5))
    #expect(decide(at: .seconds(14.999)).terminal != nil)
    #expect(decide(at: .seconds(15)).terminal == nil)
    #expect(decide(at: .seconds(14)).terminal == nil)
  }

  @Test("Scopes combine")
  mutating func combined() {
    _ = script.inject(.hang, .next(2).during(.seconds(1)), at: .zero)
    #expect(decide().terminal != nil)
    #expect(decide(at: .seconds(1)).terminal == nil)
    let rare = script.inject(.hang, .rate(0.5).next(3), at: .zero)
    for _ in 1...100 { _ = decide() }
    #expect(script.hits(of: rare) == 3)
  }

  @Test("A healed fault hits nothing, and healing twice does no harm")
  mutating func heal() {
    let first = script.inject(.hang, .always, at: .zero)
    let second = script.inject(.status(500), .always, at: .zero)
    script.heal(first)
    script.heal(first)
    #expect(decide().terminal?.id == second)
    #expect(script.isHealed(first) && !script.isHealed(second))
    script.healAll()
    #expect(decide().terminal == nil)
    #expect(script.isHealed(second))
  }

  @Test("Latencies add up, and the terminal fault injected first wins")
  mutating func composition() {
    _ = script.inject(.latency(.milliseconds(100)), .always, at: .zero)
    let winner = script.inject(.status(503), .next(1), at: .zero)
    let loser = script.inject(.hang, .next(1), at: .zero)
    _ = script.inject(.latency(.milliseconds(20)), .always, at: .zero)
    let decision = decide()
    #expect(decision.latency == .milliseconds(120))
    #expect(decision.terminal == FaultScript.Hit(id: winner, fault: .status(503)))
    #expect(script.hits(of: loser) == 0)
    #expect(decide().terminal?.id == loser)
  }

  @Test("A rule whose filter did not let the request pass is not used up")
  mutating func filtered() {
    let id = script.inject(.hang, .next(1), at: .zero)
    #expect(script.decide(among: [], at: .zero).terminal == nil)
    #expect(script.decide(among: [id], at: .zero).terminal != nil)
  }

  @Test("A rate hits about its share, the same requests for the same seed")
  func rate() {
    func hits(seed: UInt64, before: Int = 0) -> [Bool] {
      var script = FaultScript(seed: seed)
      for _ in 0..<before { _ = script.inject(.hang, .rate(0.5), at: .zero) }
      let id = script.inject(.hang, .rate(0.3), at: .zero)
      return (1...10_000).map { _ in script.decide(among: [id], at: .zero).terminal != nil }
    }
    let share = hits(seed: 1).count { $0 }
    #expect((2_800...3_200).contains(share))
    #expect(hits(seed: 1) == hits(seed: 1))
    #expect(hits(seed: 1) != hits(seed: 2))
    #expect(hits(seed: 1) != hits(seed: 1, before: 1))
  }

  @Test("A rate of 0 never hits, a rate of 1 always does")
  mutating func certainRates() {
    let never = script.inject(.hang, .rate(0), at: .zero)
    let always = script.inject(.hang, .rate(1), at: .zero)
    for _ in 1...1_000 { _ = decide() }
    #expect(script.hits(of: never) == 0)
    #expect(script.hits(of: always) == 1_000)
  }

  @Test("A rule draws the same whatever the other rules draw")
  mutating func independentDraws() {
    var other = script
    let id = script.inject(.hang, .rate(0.5), at: .zero)
    _ = other.inject(.hang, .rate(0.5), at: .zero)
    let noise = other.inject(.latency(.zero...(.seconds(1))), .always, at: .zero)
    for _ in 1...200 {
      let quiet = script.decide(among: [id], at: .zero).terminal
      #expect(other.decide(among: [id, noise], at: .zero).terminal == quiet)
    }
  }

  @Test("A latency range is drawn from evenly")
  mutating func range() {
    let range = Duration.milliseconds(100)...(.milliseconds(300))
    _ = script.inject(.latency(range), .always, at: .zero)
    let draws = (1...1_000).map { _ in decide().latency }
    #expect(draws.allSatisfy(range.contains))
    let mean = draws.reduce(.zero, +) / draws.count
    #expect((.milliseconds(190)...(.milliseconds(210))).contains(mean))
  }

  @Test("Refusing for good or for a span closes the listener; refusing some counts connections")
  mutating func refusal() {
    _ = script.inject(.refuse, .during(.seconds(2)), at: .zero)
    _ = script.inject(.refuse, .during(.seconds(3)), at: .zero)
    #expect(script.outage(at: .seconds(1)) == .until(.seconds(3)))
    #expect(script.outage(at: .seconds(3)) == .none)
    let forGood = script.inject(.refuse, .always, at: .zero)
    #expect(script.outage(at: .zero) == .open)
    script.heal(forGood)
    _ = script.inject(.refuse, .next(1), at: .zero)
    #expect(script.outage(at: .zero) == .none)
    #expect(decide().terminal == nil)
    #expect(refuses() == true)
    #expect(refuses() == false)
  }

  private mutating func decide(at now: Duration = .zero) -> FaultScript.Decision {
    script.decide(among: script.rules.map(\.id), at: now)
  }

  private mutating func refuses() -> Bool {
    script.refusesConnection(at: .zero)
  }
}
