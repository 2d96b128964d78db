import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Throttle machine")
struct ThrottleMachineTests {
  private static let bucket = Duration.seconds(5)

  /// A machine with the default settings that has seen so many critical calls at the origin.
  private func machine(requests: Int, accepts: Int) -> ThrottleMachine {
    var machine = ThrottleMachine(ThrottleSettings())
    for call in 0..<requests {
      machine.settle(.critical, as: call < accepts ? .success : .failure, at: .origin)
    }
    return machine
  }

  private func requests(_ machine: inout ThrottleMachine, at now: Moment = .origin) -> Int {
    machine.shedding(at: now).tally.requests.wrappedSum()
  }

  @Test("A cold start with a thousand calls in flight refuses none of them")
  func coldStart() {
    var machine = ThrottleMachine(ThrottleSettings())
    for _ in 0..<1_000 {
      #expect(machine.admit(.sheddable, draw: 0, at: .origin) == .admitted)
    }
    #expect(requests(&machine) == 0)
    for _ in 0..<1_000 { machine.settle(.sheddable, as: .success, at: .seconds(1)) }
    #expect(machine.admit(.sheddable, draw: 0, at: .seconds(1)) == .admitted)
  }

  @Test("Counted when they begin, a thousand calls in flight would have refused each other")
  func countedAtTheStart() {
    #expect(Shedding.probability(requests: 1_000, accepts: 0, ratio: 2) > 0.99)
  }

  @Test("A refused call is a request at once, so that a lasting overload is not forgotten")
  func refusedCounts() {
    var machine = machine(requests: 100, accepts: 30)
    let share = machine.shedding(at: .origin).share(of: .critical)
    #expect(machine.admit(.critical, draw: 0, at: .origin) == .refused(share: share))
    #expect(abs(share - 40.0 / 101) < 1e-12)
    #expect(requests(&machine) == 101)
    #expect(machine.shedding(at: .origin).tally.accepts.wrappedSum() == 30)
  }

  @Test("A call is refused if its draw is below its share, and admitted at and above it")
  func draw() {
    var machine = machine(requests: 100, accepts: 30)
    let share = machine.shedding(at: .origin).share(of: .critical)
    for (draw, isAdmitted) in [
      (0, false), (share.nextDown, false), (share, true), (share.nextUp, true), (0.999, true),
    ] {
      var copy = machine
      #expect((copy.admit(.critical, draw: draw, at: .origin) == .admitted) == isAdmitted)
    }
  }

  @Test("An ignored call counts for nothing, and neither does an admitted one that runs")
  func ignored() {
    var machine = machine(requests: 40, accepts: 40)
    _ = machine.admit(.critical, draw: 0, at: .origin)
    machine.settle(.critical, as: .ignored, at: .origin)
    #expect(requests(&machine) == 40)
  }

  @Test("Counts vanish after idling for a window, however long it has been", arguments: 0...60)
  func idling(buckets: Int) {
    var machine = machine(requests: 100, accepts: 10)
    let later = Moment.origin.advanced(by: Self.bucket * buckets)
    let isRemembered = buckets < 24
    #expect(requests(&machine, at: later) == (isRemembered ? 100 : 0))
    #expect(machine.shedding(at: later).isAny == isRemembered)
    // Nothing is left over that would show later, or be taken away twice.
    machine.settle(.critical, as: .success, at: later)
    #expect(requests(&machine, at: later) == (isRemembered ? 101 : 1))
    let muchLater = later.advanced(by: Self.bucket * 24)
    #expect(requests(&machine, at: muchLater) == 0)
  }

  @Test(
    "Counts vanish in the distant future, and nothing traps",
    arguments: [Moment.distantPast, Moment(nanoseconds: -1), .origin, Moment(nanoseconds: 1)]
  )
  func extremes(start: Moment) {
    var settings = ThrottleSettings()
    for window in [Duration.nanoseconds(24), .seconds(120), .seconds(Int64.max)] {
      settings.window = window
      var machine = ThrottleMachine(settings)
      for _ in 0..<50 { machine.settle(.critical, as: .failure, at: start) }
      #expect(machine.shedding(at: start).isAny)
      let shedding = machine.shedding(at: .distantFuture)
      if window < .seconds(1_000) { #expect(!shedding.isAny) }
      machine.settle(.critical, as: .failure, at: .distantFuture)
      machine.settle(.critical, as: .failure, at: .distantPast)
    }
  }

  @Test("When only old accepts are forgotten, refusing begins without another call")
  func acceptsExpireFirst() {
    var machine = machine(requests: 60, accepts: 60)
    for _ in 0..<40 { machine.settle(.critical, as: .failure, at: .seconds(60)) }
    #expect(!machine.shedding(at: .seconds(119)).isAny)
    #expect(machine.shedding(at: .seconds(120)).isAny)
  }

  @Test("New settings keep the counts, unless the window is another")
  func apply() {
    var machine = machine(requests: 100, accepts: 30)
    var settings = ThrottleSettings()
    settings.ratio = 1.5
    machine.apply(settings)
    #expect(machine.shedding(at: .origin).share == 55.0 / 101)
    settings.buckets = 12
    machine.apply(settings)
    #expect(requests(&machine) == 0)
  }

  @Test("Calls of a class that is shed come through as probes, about as many as are let")
  func probes() {
    var random = SplitMix64(seed: 7)
    var machine = machine(requests: 1_000, accepts: 0)
    let passed = (0..<10_000).count { _ in
      let draw = Double.random(in: 0..<1, using: &random)
      return machine.admit(.sheddable, draw: draw, at: .origin) == .admitted
    }
    #expect((400...600).contains(passed), "5 % of 10000")
  }
}
