@testable import Resilience

/// The line as its definition has it: moments are found anew each time, from the first to the last.
struct NaiveRateLine {
  typealias Entry = (id: Int, weight: Int, deadline: Int64)

  private(set) var machine: any RateMachine
  private(set) var pending: [Entry] = []
  private(set) var admissions: [(at: Int64, weight: Int)] = []
  private(set) var granted: [Int] = []
  private var latest = Int64.min

  init(_ limit: RateLimit) {
    machine = limit.machine
  }

  /// When each one in the line has its turn, and when a newcomer of this weight would.
  func turns(newcomer weight: Int? = nil) -> [Int64] {
    var (machine, moment) = (machine, Moment(nanoseconds: latest))
    return (pending.map(\.weight) + (weight.map { [$0] } ?? [])).map { weight in
      moment = machine.earliest(weight, at: moment)
      machine.take(weight, at: moment)
      return moment.nanoseconds
    }
  }

  mutating func settle(at now: Int64) {
    while let first = pending.first, let turn = turns().first, turn <= now {
      latest = turn
      take(first.weight)
      granted.append(first.id)
      pending.removeFirst()
    }
    latest = max(latest, now)
  }

  /// - Returns: 0 when admitted, how long it has to wait when in the line, `nil` when refused.
  mutating func join(_ id: Int, _ weight: Int, deadline: Int64, limit: Int) -> Int64? {
    guard weight <= machine.capacity, let turn = turns(newcomer: weight).last else { return nil }
    if turn == latest, pending.isEmpty {
      take(weight)
      return 0
    }
    guard turn <= deadline, pending.count < limit else { return nil }
    pending.append((id, weight, deadline))
    return turn - latest
  }

  mutating func leave(_ id: Int) { pending.removeAll { $0.id == id } }

  /// - Returns: Who had to go.
  mutating func apply(_ limit: RateLimit) -> [Int] {
    machine = limit.machine(after: machine, at: Moment(nanoseconds: latest))
    var gone: [Int] = []
    while let index = pending.indices.first(where: { tooLate($0) }) {
      gone.append(pending.remove(at: index).id)
    }
    return gone
  }

  private func tooLate(_ index: Int) -> Bool {
    guard pending[index].weight <= machine.capacity else { return true }
    // Those before it are in time, or an earlier index would have been found.
    var front = self
    front.pending = Array(pending[...index])
    return front.turns().last.map { $0 > pending[index].deadline } ?? true
  }

  private mutating func take(_ weight: Int) {
    machine.take(weight, at: Moment(nanoseconds: latest))
    admissions.append((latest, weight))
  }
}
