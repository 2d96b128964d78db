import ResilienceTesting
import Testing

@testable import Resilience

/// The machine against the naive throttle, under random commands with random steps of time.
@Suite("Throttle machine against a naive model")
struct ThrottleModelTests {
  /// Ten times as many sequences when `RESILIENCE_SOAK` is set, as the check script does.
  @Test("They agree on every answer, share and count")
  func agreement() async {
    for seed in 0..<(isSoaking ? 10_000 : 300) as Range<UInt64> {
      await Task.yield()
      guard let difference = Self.difference(seed: seed) else { continue }
      Issue.record("seed \(seed): \(difference)")
      return
    }
  }

  private static func difference(seed: UInt64) -> String? {
    var random = SplitMix64(seed: seed)
    let settings = settings(&random)
    var model = NaiveThrottle(settings)
    var machine = ThrottleMachine(settings)
    // Time may begin before the origin, too.
    var now = Int.random(in: -500...500, using: &random)
    let failing = Double.random(in: 0...1, using: &random)
    for step in 0..<120 {
      let moment = Moment(nanoseconds: Int64(now))
      let criticality = Criticality.allCases.randomElement(using: &random) ?? .critical
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<20: now += .random(in: 0...20, using: &random)
      case 20..<22: now += .random(in: 0...600, using: &random)
      // A thread that was held up between reading the time and taking the lock.
      case 22..<25: now -= .random(in: 0...15, using: &random)
      case 25..<60:
        let draw = Double.random(in: 0..<1, using: &random)
        let expected = model.admit(criticality, draw: draw, at: now)
        let isAdmitted = machine.admit(criticality, draw: draw, at: moment) == .admitted
        if isAdmitted != expected { return "step \(step): admitted \(isAdmitted)" }
      default:
        let verdict: Verdict =
          Int.random(in: 0..<8, using: &random) == 0
          ? .ignored : Double.random(in: 0..<1, using: &random) < failing ? .failure : .success
        model.settle(criticality, as: verdict, at: now)
        machine.settle(criticality, as: verdict, at: moment)
      }
      model.advance(to: now)
      let shedding = machine.shedding(at: Moment(nanoseconds: Int64(now)))
      if let difference = difference(model, shedding) { return "step \(step): \(difference)" }
    }
    return nil
  }

  private static func difference(_ model: NaiveThrottle, _ shedding: Shedding) -> String? {
    for criticality in Criticality.allCases {
      let requests = shedding.tally.requests[criticality.lane]
      guard requests == model.requests(of: criticality) else {
        return "\(requests) \(criticality) requests, not \(model.requests(of: criticality))"
      }
      let accepts = shedding.tally.accepts[criticality.lane]
      guard accepts == model.accepts(of: criticality) else {
        return "\(accepts) \(criticality) accepts, not \(model.accepts(of: criticality))"
      }
      let (share, expected) = (shedding.share(of: criticality), model.share(of: criticality))
      guard abs(share - expected) < 1e-9 else { return "share \(share), not \(expected)" }
    }
    return nil
  }

  private static func settings(_ random: inout SplitMix64) -> ThrottleSettings {
    var settings = ThrottleSettings()
    settings.buckets = .random(in: 1...12, using: &random)
    settings.window = .nanoseconds(Int.random(in: settings.buckets...200, using: &random))
    settings.ratio = .random(in: 1...3, using: &random)
    settings.minimumRequests = .random(in: 1...10, using: &random)
    settings.maxRejection = .random(in: 0.1...0.999, using: &random)
    return settings
  }
}
