import Testing

@testable import Resilience

@Suite("Moment")
struct MomentTests {
  @Test("Arithmetic saturates at both ends and never traps")
  func saturation() {
    let late = Moment(nanoseconds: .max - 5)
    #expect(late.advanced(by: .nanoseconds(5)) == .distantFuture)
    #expect(late.advanced(by: .nanoseconds(6)) == .distantFuture)
    #expect(late.advanced(by: .seconds(Int64.max)) == .distantFuture)
    #expect(Moment.origin.advanced(by: .seconds(Int64.min)).nanoseconds == .min)
    let early = Moment(nanoseconds: .min)
    #expect(early.advanced(by: .nanoseconds(-1)) == early)
    #expect(early.duration(to: .distantFuture) == .nanoseconds(Int64.max))
    #expect(Moment.distantFuture.duration(to: early) == .nanoseconds(Int64.min))
  }

  @Test("Durations are rounded towards zero to whole nanoseconds")
  func rounding() {
    #expect(
      Moment(Duration(secondsComponent: 1, attosecondsComponent: 1)).nanoseconds == 1_000_000_000
    )
    #expect(Moment(.zero - Duration(secondsComponent: 0, attosecondsComponent: 1)).nanoseconds == 0)
    #expect(Moment(.milliseconds(-1_500)).nanoseconds == -1_500_000_000)
  }
}
