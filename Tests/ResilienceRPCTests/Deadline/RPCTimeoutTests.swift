import Foundation
import Testing

@testable import ResilienceRPC

@Suite("Timeouts on the wire")
struct RPCTimeoutTests {
  @Test(
    "Rounded down, at most so many digits, never nothing",
    arguments: [
      (Duration.nanoseconds(1), "1", "1n"), (.nanoseconds(1_500), "1", "1500n"),
      (.nanoseconds(99_999_999), "99", "99999999n"), (.nanoseconds(100_000_000), "100", "100000u"),
      (.microseconds(1_999), "1", "1999000n"), (.seconds(2), "2000", "2000000u"),
      (.seconds(99) + .nanoseconds(999_999_999), "99999", "99999999u"),
      (.seconds(100), "100000", "100000m"), (.seconds(99_999), "99999000", "99999000m"),
      (.seconds(100_000), "100000000", "100000S"), (.seconds(108_000), "108000000", "108000S"),
      (.seconds(99_999_999), "9999999999", "99999999S"),
      (.seconds(100_000_000), "9999999999", "1666666M"),
      (.seconds(6_000_000_000), "9999999999", "1666666H"),
      (.seconds(Int64.max), "9999999999", "99999999H"),
    ]
  )
  func values(left: Duration, connect: String, grpc: String) {
    #expect(RPCTimeout.connectValue(left) == connect)
    #expect(RPCTimeout.grpcValue(left) == grpc)
  }

  @Test("Nothing left has no value", arguments: [Duration.zero, .nanoseconds(-1), .seconds(-9)])
  func nothing(left: Duration) {
    #expect(RPCTimeout.connectValue(left) == nil)
    #expect(RPCTimeout.grpcValue(left) == nil)
  }

  @Test("Less than a nanosecond is one")
  func tiny() {
    let attosecond = Duration(secondsComponent: 0, attosecondsComponent: 1)
    #expect(RPCTimeout.grpcValue(attosecond) == "1n")
    #expect(RPCTimeout.connectValue(attosecond) == "1")
  }

  @Test("What is read is never more than what was left, and at most a unit less")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<10_000 {
      let exponent = Double.random(in: 0...18, using: &generator)
      let left = Duration.nanoseconds(Int64(pow(10, exponent)))
      let grpc = try #require(RPCTimeout.grpcValue(left))
      #expect(grpc.count <= 9)
      let read = try #require(RPCTimeout.grpcDuration(grpc))
      #expect(read <= left && read > .zero)
      // Eight digits: at most a part in 1.6 million is lost where minutes follow seconds.
      #expect(left - read <= max(.nanoseconds(1), left / 100_000), "\(left) as \(grpc)")
      let connect = try #require(RPCTimeout.connectValue(left).flatMap(RPCTimeout.connectDuration))
      #expect(connect <= max(left, .milliseconds(1)))
    }
  }

  @Test(
    "What is no timeout is not read",
    arguments: ["", "n", "1", "1x", "123456789n", "-1n", "+1n", " 1n", "1.5S", "１n"]
  )
  func invalid(text: String) {
    #expect(RPCTimeout.grpcDuration(text) == nil)
    if text != "1" { #expect(RPCTimeout.connectDuration(text) == nil) }
  }

  @Test("Ten digits are read for Connect, eleven are not")
  func digits() {
    #expect(RPCTimeout.connectDuration("9999999999") == .milliseconds(9_999_999_999))
    #expect(RPCTimeout.connectDuration("10000000000") == nil)
    #expect(RPCTimeout.connectDuration("0") == .zero)
  }
}
