import Testing

@testable import Resilience

@Suite("Rules of endpoints")
struct EndpointMachineTests {
  private static func settings(
    _ change: (inout EndpointSettings) -> Void = { _ in }
  ) -> EndpointSettings {
    var settings = EndpointSettings()
    settings.choice = .roundRobin
    settings.consecutiveFailures = 3
    settings.ejection = .seconds(10)
    settings.longestEjection = .seconds(25)
    settings.ejectionJitter = 0
    settings.slowStart = .zero
    change(&settings)
    return settings
  }

  private static func machine(
    _ names: String,
    _ change: (inout EndpointSettings) -> Void = { _ in }
  ) -> EndpointRoster<Character> {
    var machine = EndpointRoster<Character>(settings(change))
    _ = machine.replaceAll(with: Array(names), at: .origin)
    return machine
  }

  @Test("Round robin goes around, in the order in which the endpoints came")
  func roundRobin() {
    var machine = Self.machine("abc")
    #expect(machine.go("sssssss") == "abcabca")
  }

  @Test(
    "As many failures in a row as set eject, and a success or nothing said in between decides",
    arguments: [
      // Of two endpoints the first one is what the letters say, the second is well.
      ("ff", false), ("fff", true), ("ffsff", false), ("ffsfff", true), ("ffiiif", true),
      ("fifif", true), ("iiiii", false),
    ]
  )
  func consecutive(outcomes: String, expected: Bool) {
    var machine = Self.machine("ab")
    for outcome in outcomes {
      #expect(machine.go(outcome == "f" ? "f" : outcome == "s" ? "s" : "i") == "a")
      #expect(machine.go("s") == "b" || expected)
    }
    #expect(machine.isOut("a") == expected)
  }

  @Test("An ejection lasts, is followed by one probe, and grows up to the cap when that fails")
  func growth() {
    var machine = Self.machine("ab")
    #expect(machine.go("fsfsf") == "ababa")
    var now = Moment.origin
    for seconds in [10, 20, 25, 25] as [Int64] {
      let almost = now.advanced(by: .seconds(seconds)).advanced(byNanoseconds: -1)
      #expect(machine.go("sss", at: almost) == "bbb")
      now = now.advanced(by: .seconds(seconds))
      #expect(machine.go("fsss", at: now) == "abbb", "after \(seconds) s")
    }
    now = now.advanced(by: .seconds(25))
    #expect(machine.go("sssss", at: now).filter { $0 == "a" }.count == 3)
    #expect(!machine.isOut("a"))
  }

  @Test("For each time of an ejection in service one ejection is forgotten")
  func forgetting() {
    var machine = Self.machine("ab")
    #expect(machine.go("fsfsf") == "ababa")
    _ = machine.go("f", at: .seconds(10))
    _ = machine.go("s", at: .seconds(30))
    #expect(machine.slot("a").ejections == 2)
    // 19 s in service are one time of 10 s.
    machine.eject("a", at: .seconds(49))
    #expect(machine.slot("a").ejections == 2)
    #expect(machine.slot("a").status == .ejected(until: .seconds(69)))
  }

  @Test("Jitter shortens an ejection, never to more than its share")
  func jitter() {
    var machine = Self.machine("ab") { $0.ejectionJitter = 0.5 }
    machine.eject("a", at: .origin, draw: 0.5)
    #expect(machine.slot("a").status == .ejected(until: Moment(.milliseconds(7_500))))
  }

  @Test("A probe that says nothing makes room for the next at once, and is no return")
  func ignoredProbe() {
    var machine = Self.machine("ab")
    machine.eject("a", at: .origin)
    #expect(machine.go("iii", at: .seconds(10)) == "aaa")
    #expect(machine.isOut("a") && machine.slot("a").ejections == 1)
    #expect(machine.go("s", at: .seconds(10)) == "a")
    #expect(!machine.isOut("a"))
  }

  @Test("While a probe is under way there is no other, until its lease ends; then it is stale")
  func lease() {
    var machine = Self.machine("ab")
    machine.eject("a", at: .origin)
    let hung = machine.begin(at: .seconds(10))
    #expect(hung?.endpoint == "a")
    #expect(machine.go("ss", at: .seconds(19)) == "bb")
    let second = machine.begin(at: .seconds(20))
    #expect(second?.endpoint == "a")
    if let hung { _ = machine.settle(hung.ticket, as: .success, draw: 0, at: .seconds(20)) }
    #expect(machine.isOut("a") && machine.slot("a").inFlight == 1)
    if let second { _ = machine.settle(second.ticket, as: .success, draw: 0, at: .seconds(20)) }
    #expect(!machine.isOut("a") && machine.slot("a").inFlight == 0)
  }

  @Test("What began before an ejection moves nothing after it, but gives its place back")
  func fencing() {
    var machine = Self.machine("ab")
    let early = machine.begin(at: .origin)
    #expect(early?.endpoint == "a")
    machine.eject("a", at: .origin)
    #expect(machine.slot("a").inFlight == 1)
    if let early { _ = machine.settle(early.ticket, as: .success, draw: 0, at: .seconds(1)) }
    #expect(machine.isOut("a") && machine.slot("a").inFlight == 0)
    #expect(machine.machine.windows.allSatisfy { $0.tally(at: .seconds(1)).calls == 0 })
  }

  @Test(
    "Never more than the share are ejected, and one at least stays, whatever it says",
    arguments: [
      ("abc", 0.5, 1), ("abcd", 0.5, 2), ("abcd", 1, 3), ("ab", 0.5, 1), ("ab", 0.49, 0),
      ("a", 1, 0), ("abc", 0, 0), (String("abcdefghij"), 0.3, 3),
    ]
  )
  func share(names: String, share: Double, expected: Int) {
    var machine = Self.machine(names) { $0.maxEjected = share }
    #expect(machine.go(String(repeating: "f", count: 100)).count == 100)
    #expect(machine.machine.slots.count { !$0.isInService } == expected)
    #expect(machine.machine.suppressed > 0)
  }

  @Test("A call that has failed is not the one to probe")
  func noProbeForRetries() {
    var machine = Self.machine("abc")
    machine.eject("a", at: .origin)
    var tried = EndpointsTried()
    tried.note(machine.slot("b").id)
    let choice = machine.choose(avoiding: tried, draws: (0, 0), at: .seconds(60))
    #expect(choice?.endpoint == "c")
  }

  @Test(
    "An attempt goes where its call has not been, then anywhere but where it was last",
    arguments: EndpointSettings.Choice.both
  )
  func avoiding(choice: EndpointSettings.Choice) {
    var machine = Self.machine("abc") { $0.choice = choice }
    for seed in 0..<50 {
      var tried = EndpointsTried()
      var path: [Character] = []
      for step in 0..<6 {
        let draws = (Double((seed * 7 + step * 3) % 10) / 10, Double((seed + step) % 10) / 10)
        guard let next = machine.choose(avoiding: tried, draws: draws, at: .origin) else {
          continue
        }
        _ = machine.settle(next.ticket, as: .ignored, draw: 0, at: .origin)
        tried.note(next.ticket.id)
        path.append(next.endpoint)
      }
      #expect(Set(path.prefix(3)).count == 3)
      #expect(zip(path, path.dropFirst()).allSatisfy { $0 != $1 }, "\(path)")
    }
  }

  @Test("With one endpoint an attempt goes there again")
  func single() {
    var machine = Self.machine("a")
    var tried = EndpointsTried()
    tried.note(machine.slot("a").id)
    #expect(machine.choose(avoiding: tried, draws: (0, 0), at: .origin)?.endpoint == "a")
  }

  @Test("Of two drawn the one with fewer calls in flight is chosen")
  func leastInFlight() {
    var machine = Self.machine("ab") { $0.choice = .leastInFlight }
    var chosen = ""
    // None ends, and the same one is drawn first each time.
    for _ in 0..<6 {
      if let next = machine.choose(avoiding: .init(), draws: (0, 0), at: .origin) {
        chosen.append(next.endpoint)
      }
    }
    #expect(chosen == "aababa" || chosen == "ababab", "\(chosen)")
    #expect(machine.machine.slots.map(\.inFlight) == [3, 3])
  }

  @Test("One that fails much more often than the others is ejected, though never in a row")
  func rate() {
    var machine = Self.machine("ab") { settings in
      settings.minimumCalls = 10
      settings.excessFailureRate = 0.5
    }
    // a: f s f s …, b: s s s s …
    #expect(machine.go("fsssfsssfsssfsss") == "abababababababab")
    #expect(!machine.isOut("a"))
    _ = machine.go("fsss")
    #expect(!machine.isOut("a"))
    // The window of `a` holds 11 calls of which 6 failed, that of `b` 10.
    _ = machine.go("f")
    #expect(machine.isOut("a"))
  }

  @Test("When all fail alike none is an outlier by its rate, and old calls do not count")
  func alike() {
    var machine = Self.machine("ab") { settings in
      settings.minimumCalls = 4
      settings.consecutiveFailures = .max
    }
    _ = machine.go("ffssffssffssffss")
    #expect(!machine.isOut("a") && !machine.isOut("b"))
    // A minute later only what is new is compared, and there is too little of it.
    _ = machine.go("fsfsfs", at: .seconds(60))
    #expect(!machine.isOut("a"))
    _ = machine.go("fsfs", at: .seconds(60))
    #expect(machine.isOut("a"))
  }

  @Test("One that returns gets a share that grows with the time; one from the beginning a full one")
  func slowStart() {
    var machine = Self.machine("ab") { settings in
      settings.slowStart = .seconds(10)
      settings.slowStartFloor = 0.1
    }
    machine.eject("a", at: .origin)
    _ = machine.go("s", at: .seconds(10))
    func share(at now: Moment) -> Int {
      var copy = machine
      return copy.go(String(repeating: "s", count: 110), at: now).count { $0 == "a" }
    }
    #expect((9...11).contains(share(at: .seconds(10))))  // 0.1 of 1.1
    #expect((35...38).contains(share(at: .seconds(15))))  // 0.5 of 1.5
    #expect(share(at: .seconds(20)) == 55)
    #expect(Self.machine("ab") { $0.slowStart = .seconds(10) }.slot("a").rampStart == nil)
  }

  @Test("One that is added while others serve starts slowly, also where draws choose")
  func addedSlowly() throws {
    var machine = Self.machine("ab") { settings in
      settings.slowStart = .seconds(10)
      settings.choice = .leastInFlight
    }
    #expect(try machine.add("c", at: .seconds(5)))
    #expect(try !machine.add("c", at: .seconds(6)))
    #expect(machine.slot("c").weight(SlowStart(machine.machine.settings), at: .seconds(10)) == 0.5)
    var empty = EndpointRoster<Character>(Self.settings())
    #expect(try empty.add("a", at: .origin))
    #expect(empty.slot("a").rampStart == nil)
  }

  @Test("What is removed takes its calls with it; what comes back under its name is new")
  func removal() throws {
    var machine = Self.machine("abc")
    let call = machine.begin(at: .origin)
    #expect(call?.endpoint == "a")
    #expect(machine.remove("a", at: .origin).wasThere && !machine.remove("a", at: .origin).wasThere)
    #expect(try machine.add("a", at: .origin))
    for _ in 0..<5 {
      if let call { _ = machine.settle(call.ticket, as: .failure, draw: 0, at: .origin) }
    }
    #expect(machine.slot("a").inFlight == 0 && machine.slot("a").consecutiveFailures == 0)
  }

  @Test("When those in service go, ejected ones come back, the first to come first")
  func removalOfTheWell() {
    var machine = Self.machine("abcd")
    machine.eject("b", at: .origin)
    machine.eject("a", at: .seconds(1))
    #expect(machine.remove("c", at: .seconds(2)).effect == .returned(["b"]))
    #expect(machine.isOut("a") && !machine.isOut("b"))
    #expect(machine.remove("b", at: .seconds(2)).effect == .none)
    #expect(machine.remove("d", at: .seconds(2)).effect == .returned(["a"]))
    #expect(machine.go("ss", at: .seconds(2)) == "aa")
  }

  @Test("Other settings hold at once: a lower share returns endpoints")
  func apply() {
    var machine = Self.machine("abcd")
    machine.eject("a", at: .origin)
    machine.eject("b", at: .origin)
    var settings = machine.machine.settings
    settings.maxEjected = 0.25
    #expect(machine.apply(settings, at: .seconds(1)) == .returned(["a"]))
    settings.window = .seconds(5)
    _ = machine.go("s", at: .seconds(1))
    #expect(machine.apply(settings, at: .seconds(1)) == .none)
    #expect(machine.machine.windows.allSatisfy { $0.tally(at: .seconds(1)).calls == 0 })
  }

  @Test("Without endpoints there is no choice")
  func empty() {
    var machine = Self.machine("")
    #expect(machine.choose(avoiding: .init(), draws: (0, 0), at: .origin) == nil)
  }

  @Test("Times at the end of what can be counted do not trap")
  func extremes() {
    var machine = Self.machine("ab") { settings in
      settings.ejection = .seconds(Int64.max)
      settings.longestEjection = .seconds(Int64.max)
      settings.window = .seconds(Int64.max)
      settings.slowStart = .seconds(Int64.max)
      settings.ejectionJitter = 1
    }
    machine.eject("a", at: .origin)
    machine.eject("b", at: .distantFuture)
    #expect(machine.slot("a").status == .ejected(until: .distantFuture))
    _ = machine.go("ffff", at: .distantFuture)
    machine = Self.machine("ab") { settings in
      settings.ejection = .nanoseconds(1)
      settings.window = .nanoseconds(10)
    }
    machine.eject("a", at: .distantPast)
    _ = machine.go("ffffffff", at: .distantFuture)
  }

  @Test("The memory of a call is bounded, and keeps what was last")
  func memory() {
    var tried = EndpointsTried()
    for id in 0..<1_000 as Range<UInt64> { tried.note(id) }
    #expect(tried.ids == Array(936..<1_000))
    tried.note(950)
    #expect(tried.ids.last == 950 && tried.ids.count == 64)
  }
}

extension EndpointSettings.Choice {
  fileprivate static let both: [Self] = [.roundRobin, .leastInFlight]
}

extension EndpointRoster<Character> {
  /// Makes a call for each letter of the outcomes, one after the other.
  ///
  /// - Returns: Where the calls went.
  fileprivate mutating func go(_ outcomes: String, at now: Moment = .origin) -> String {
    var path = ""
    for outcome in outcomes {
      guard let call = begin(at: now), let verdict = Verdict(letter: outcome) else { continue }
      path.append(call.endpoint)
      _ = settle(call.ticket, as: verdict, draw: 0, at: now)
    }
    return path
  }

  fileprivate mutating func begin(at now: Moment) -> (
    endpoint: Character, ticket: EndpointMachine.Ticket
  )? {
    choose(avoiding: EndpointsTried(), draws: (0.3, 0.6), at: now)
  }

  /// Lets an endpoint fail until it is out.
  fileprivate mutating func eject(_ name: Character, at now: Moment, draw: Double = 0) {
    for _ in 0..<100 where !isOut(name) {
      guard let call = begin(at: now) else { continue }
      let verdict: Verdict = call.endpoint == name ? .failure : .ignored
      _ = settle(call.ticket, as: verdict, draw: draw, at: now)
    }
  }

  fileprivate func slot(_ name: Character) -> EndpointSlot {
    zip(endpoints, machine.slots).first { $0.0 == name }?.1
      ?? EndpointSlot(id: 0, isNew: false, at: .origin)
  }

  fileprivate func isOut(_ name: Character) -> Bool { !slot(name).isInService }
}
