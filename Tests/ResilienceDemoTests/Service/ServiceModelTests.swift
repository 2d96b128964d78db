import ResilienceTesting
import Testing

@testable import ResilienceDemo

@Suite("Model of the service")
struct ServiceModelTests {
  /// 10 requests a second arrive; 20 can be served: 50 ms each.
  private static func model(_ traits: ServiceTraits = ServiceTraits(capacity: 2)) -> ServiceModel {
    ServiceModel(traits, rate: 10)
  }

  @Test("Requests are served one after the other, each in its time")
  func line() {
    var model = Self.model()
    for place in 1...4 { #expect(model.arrive(at: .zero) == .accepted(place)) }
    for place in 1...4 {
      #expect(milliseconds(model.rest(of: place, at: .zero)) == 50 * place)
    }
    #expect(milliseconds(model.rest(of: 3, at: .milliseconds(120))) == 30)
    #expect(model.rest(of: 2, at: .milliseconds(120)) == nil)
    #expect(model.waiting == 2)
    #expect(model.rest(of: 4, at: .milliseconds(200)) == nil)
  }

  @Test("An idle service does not work ahead")
  func idle() {
    var model = Self.model()
    #expect(model.arrive(at: .seconds(5)) == .accepted(1))
    #expect(milliseconds(model.rest(of: 1, at: .seconds(5))) == 50)
  }

  @Test("A slowdown holds for those who wait already, and its end too")
  func slowdown() {
    var model = Self.model()
    for _ in 1...4 { _ = model.arrive(at: .zero) }
    model.enter([.slowdown(4)], restarts: false, at: .milliseconds(50))
    #expect(milliseconds(model.rest(of: 4, at: .milliseconds(50))) == 600)
    model.enter([], restarts: false, at: .milliseconds(250))
    #expect(milliseconds(model.rest(of: 4, at: .milliseconds(250))) == 100)
  }

  @Test("Beyond the queue it is full, until one has been served")
  func full() {
    var model = Self.model(ServiceTraits(capacity: 2, queueSeconds: 0.1))
    #expect(model.arrive(at: .zero) == .accepted(1))
    #expect(model.arrive(at: .zero) == .accepted(2))
    #expect(model.arrive(at: .zero) == .full)
    #expect(model.arrive(at: .milliseconds(50)) == .accepted(3))
  }

  @Test("Without a capacity nobody waits")
  func boundless() {
    var model = Self.model(ServiceTraits())
    for _ in 1...100 {
      #expect(model.arrive(at: .zero) == .accepted(0))
      #expect(model.rest(of: 0, at: .zero) == nil)
    }
  }

  @Test("A cold service becomes quicker with each request that it serves")
  func cold() {
    let cold = ServiceTraits.Cold(slowdown: 5, warmAfterSeconds: 0.4)
    var model = Self.model(ServiceTraits(capacity: 2, cold: cold))
    model.enter([], restarts: true, at: .zero)
    for _ in 1...6 { _ = model.arrive(at: .zero) }
    let rests = (1...6).map { milliseconds(model.rest(of: $0, at: .zero)) }
    #expect(rests == [250, 450, 600, 700, 750, 800])
  }

  @Test("A restart forgets those who waited")
  func restart() {
    var model = Self.model()
    for _ in 1...5 { _ = model.arrive(at: .zero) }
    model.enter([], restarts: true, at: .milliseconds(10))
    #expect(model.rest(of: 5, at: .milliseconds(10)) == nil)
  }

  @Test("A quota serves so many a second, and then locks out whoever does not stay away")
  func quota() {
    var model = Self.model(ServiceTraits())
    model.enter([.quota(0.3, retryAfterSeconds: 2)], restarts: false, at: .seconds(10))
    for _ in 1...3 { #expect(model.arrive(at: .seconds(10)) == .accepted(0)) }
    let locked = ServiceModel.Arrival.lockedOut(retryAfterSeconds: 2)
    #expect(model.arrive(at: .seconds(10)) == locked)
    #expect(model.arrive(at: .milliseconds(11_999)) == locked)
    #expect(model.arrive(at: .milliseconds(13_998)) == locked)
    #expect(model.arrive(at: .milliseconds(15_998)) == .accepted(0))
    model.enter([], restarts: false, at: .seconds(16))
    for _ in 1...30 { #expect(model.arrive(at: .seconds(16)) == .accepted(0)) }
  }

  @Test("A quota below one call a second serves none")
  func emptyQuota() {
    var model = Self.model(ServiceTraits())
    model.enter([.quota(0.05, retryAfterSeconds: 1)], restarts: false, at: .zero)
    #expect(model.arrive(at: .seconds(9)) == .lockedOut(retryAfterSeconds: 1))
  }

  @Test("Each second has the whole quota")
  func seconds() {
    var model = Self.model(ServiceTraits())
    model.enter([.quota(0.3, retryAfterSeconds: 2)], restarts: false, at: .seconds(10))
    for second in 10..<15 {
      for _ in 1...3 { #expect(model.arrive(at: .seconds(second)) == .accepted(0)) }
    }
  }

  @Test("It does as a naive queue does, under random arrivals", arguments: 0..<20 as Range<UInt64>)
  func naive(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var model = Self.model()
    var now = Duration.zero
    var free = Duration.zero
    var ends: [Duration] = []
    for _ in 0..<200 {
      now += .milliseconds(Int.random(in: 0...120, using: &random))
      free = max(free, now) + .milliseconds(50)
      ends.append(free)
      guard case .accepted(let place) = model.arrive(at: now) else { return }
      #expect(milliseconds(model.rest(of: place, at: now)) == milliseconds(free - now))
      let earlier = Int.random(in: 1...place, using: &random)
      let rest = max(.zero, ends[earlier - 1] - now)
      #expect(milliseconds(model.rest(of: earlier, at: now)) == milliseconds(rest))
    }
  }

  private func milliseconds(_ duration: Duration?) -> Int {
    Int(((duration ?? .zero).milliseconds).rounded())
  }
}
