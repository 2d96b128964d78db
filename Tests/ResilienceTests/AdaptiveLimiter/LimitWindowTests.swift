import ResilienceTesting
import Testing

@testable import Resilience

@Suite("Sample window")
struct LimitWindowTests {
  /// Ends a call at a time in milliseconds.
  private func sample(
    _ time: Int64,
    took roundTrip: Int64,
    inFlight: Int = 1,
    isOverload: Bool = false
  ) -> LimitSample {
    LimitSample(
      roundTrip: roundTrip * 1_000_000,
      inFlight: inFlight,
      isOverload: isOverload,
      now: Moment(.milliseconds(time))
    )
  }

  private func window(samples: Int = 3, clip: Double? = nil) -> LimitWindow {
    LimitWindow(.init(length: .milliseconds(100), samples: samples, clip: clip))
  }

  @Test("It closes with enough samples, after its length, with their average")
  func closes() throws {
    var window = window()
    #expect(window.add(sample(0, took: 10, inFlight: 4)) == nil)
    #expect(window.add(sample(50, took: 30, inFlight: 7)) == nil)
    #expect(window.add(sample(99, took: 20)) == nil)
    let readingClosed = window.add(sample(100, took: 40))
    let reading = try #require(readingClosed)
    #expect(reading.roundTrip == 25e6)
    #expect(reading.inFlight == 7)
    // Three calls ended after the first one, in a tenth of a second.
    #expect(reading.throughput == 3 / 100e6)
    #expect(!reading.hasOverload && !reading.isClipped)
    // The next one begins anew.
    #expect(window.add(sample(300, took: 10)) == nil)
    #expect(window.add(sample(500, took: 10)) == nil)
    #expect(window.add(sample(501, took: 10))?.roundTrip == 10e6)
  }

  @Test("Long calls make it last for two of their round trips")
  func longCalls() {
    var window = window(samples: 2)
    #expect(window.add(sample(1_000, took: 900)) == nil)
    #expect(window.add(sample(2_799, took: 900)) == nil)
    #expect(window.add(sample(2_800, took: 900)) != nil)
  }

  @Test("An overloaded call is counted, but its time is not")
  func overload() throws {
    var window = window()
    #expect(window.add(sample(0, took: 50)) == nil)
    #expect(window.add(sample(50, took: 0, isOverload: true)) == nil)
    let readingClosed = window.add(sample(120, took: 0, isOverload: true))
    let reading = try #require(readingClosed)
    #expect(reading.roundTrip == 50e6)
    #expect(reading.hasOverload)
  }

  @Test("With nothing but overload there is no average")
  func onlyOverload() throws {
    var window = window(samples: 1)
    #expect(window.add(sample(0, took: 0, isOverload: true)) == nil)
    let readingClosed = window.add(sample(100, took: 0, isOverload: true))
    let reading = try #require(readingClosed)
    #expect(reading.roundTrip == nil)
    #expect(reading.hasOverload)
  }

  @Test("What ends before it has settled is not counted")
  func settling() {
    var window = window(samples: 1)
    #expect(window.add(sample(0, took: 1)) == nil)
    window.settle(until: Moment(.milliseconds(500)))
    #expect(window.add(sample(500, took: 1)) == nil)
    #expect(window.add(sample(501, took: 7)) == nil)
    #expect(window.add(sample(601, took: 7))?.roundTrip == 7e6)
  }

  @Test("One call that hung counts no more than the clip allows; many are told apart from it")
  func clipping() throws {
    var window = window(samples: 4, clip: 4)
    for time: Int64 in [0, 30, 60] { #expect(window.add(sample(time, took: 10)) == nil) }
    #expect(window.add(sample(100, took: 10))?.roundTrip == 10e6)
    for time: Int64 in [200, 230, 260] { #expect(window.add(sample(time, took: 10)) == nil) }
    let oneClosed = window.add(sample(300, took: 60_000))
    let one = try #require(oneClosed)
    #expect(one.roundTrip == 17.5e6)
    #expect(!one.isClipped)
    for time: Int64 in [400, 430, 460] { #expect(window.add(sample(time, took: 10)) == nil) }
    #expect(window.add(sample(500, took: 10)) != nil)
    for time: Int64 in [600, 630] { #expect(window.add(sample(time, took: 10)) == nil) }
    #expect(window.add(sample(660, took: 60_000)) == nil)
    let twoClosed = window.add(sample(700, took: 60_000))
    let two = try #require(twoClosed)
    #expect(two.isClipped)
  }

  @Test("The shortest and the longest round trips give a finite average of at least a nanosecond")
  func extremes() {
    for roundTrip in [0, 1, Int64.max] {
      var window = LimitWindow(.init(length: .nanoseconds(1), samples: 1))
      _ = window.add(LimitSample(roundTrip: roundTrip, inFlight: 0, now: .origin))
      let reading = window.add(LimitSample(roundTrip: roundTrip, inFlight: 0, now: .distantFuture))
      // With round trips as long as time itself it never closes.
      #expect((reading == nil) == (roundTrip == .max))
      guard let average = reading?.roundTrip else { continue }
      #expect(average.isFinite && average >= 1)
    }
  }
}
