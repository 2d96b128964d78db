import Foundation
import ResilienceTesting

@testable import Resilience

/// A closed loop as a value: a machine, clients that always want more than it allows, and a server
/// with places and a queue, first come, first served.
struct ModelledLoop {
  /// The server during one part of the run.
  struct Phase {
    /// Seconds since the beginning.
    var until: Double
    var capacity: Int
    /// Seconds of work per call.
    var work: Double
  }

  /// A call that is in flight, as it is at the server.
  private struct Call {
    let begin: Double
    let inFlight: Int
  }

  private let phases: [Phase]
  /// How many calls may wait at the server; those beyond are refused after no time.
  private let queueLimit: Int
  /// The standard deviation of the logarithm of the work; 0 for constant work.
  private let sigma: Double
  /// How many calls the clients have in flight at most.
  private let demand: Int
  private var random: SplitMix64
  private(set) var machine: LimitMachine

  private(set) var time = 0.0
  /// Calls that have ended.
  private(set) var calls = 0
  private var queue: [Call] = []
  /// Calls worked on, last to end first.
  private var working: [(end: Double, call: Call)] = []

  init(
    _ rule: LimitRule,
    phases: [Phase],
    queueLimit: Int = .max,
    sigma: Double = 0,
    demand: Int = .max,
    seed: UInt64 = 1
  ) {
    self.phases = phases
    self.queueLimit = queueLimit
    self.sigma = sigma
    self.demand = demand
    random = SplitMix64(seed: seed)
    machine = LimitMachine(rule, draw: Double(seed % 97) / 97)
  }

  var inFlight: Int { queue.count + working.count }
  var capacity: Int { phase.capacity }
  private var phase: Phase { phases.first { time < $0.until } ?? phases[phases.count - 1] }

  /// Runs to a time in seconds, and tells `note` of the loop after each call.
  mutating func run(to end: Double, _ note: (borrowing ModelledLoop) -> Void = { _ in }) {
    while true {
      fill()
      guard let next = working.last, next.end <= end else { break }
      working.removeLast()
      time = next.end
      calls += 1
      record(next.call, isOverload: false)
      note(self)
    }
    time = end
  }

  private mutating func fill() {
    while inFlight < min(machine.limit, demand) {
      let call = Call(begin: time, inFlight: inFlight + 1)
      if working.count < phase.capacity, queue.isEmpty {
        work(on: call)
      } else if queue.count < queueLimit {
        queue.append(call)
      } else {
        let before = machine.limit
        record(call, isOverload: true)
        // A client that was refused comes again later.
        if machine.limit >= before { break }
      }
    }
    while working.count < phase.capacity, !queue.isEmpty { work(on: queue.removeFirst()) }
  }

  private mutating func work(on call: Call) {
    var work = phase.work
    if sigma > 0 { work *= logNormal() }
    let end = time + work
    let index = working.firstIndex { $0.end < end } ?? working.count
    working.insert((end, call), at: index)
  }

  private mutating func logNormal() -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
    return exp(sigma * radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random)))
  }

  private mutating func record(_ call: Call, isOverload: Bool) {
    _ = machine.record(
      LimitSample(
        roundTrip: Int64((time - call.begin) * 1e9),
        inFlight: call.inFlight,
        isOverload: isOverload,
        now: Moment(nanoseconds: Int64(time * 1e9))
      )
    )
  }
}
