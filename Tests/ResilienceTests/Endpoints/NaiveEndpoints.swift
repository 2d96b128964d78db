@testable import Resilience

/// What an ``EndpointMachine`` has to do, written down as plainly as possible: histories instead of
/// counters, lists instead of passes.
struct NaiveEndpoints {
  enum State: Equatable {
    case serving
    case out(until: Int64)
    case probing(lease: Int64)
  }

  struct Host {
    let number: Int
    let name: Int
    var state = State.serving
    /// Begins anew whenever the state changes; calls remember in which they began.
    var epoch = 0
    var since: Int64
    var ramp: Int64?
    /// What was said in this epoch, and when.
    var said: [(failed: Bool, at: Int64)] = []
    var flights = 0
    var ejections = 0
    var credit = 0.0
  }

  struct Call {
    let host: Int
    let epoch: Int
  }

  var settings: EndpointSettings
  var hosts: [Host] = []
  var suppressed = 0
  private var made = 0

  init(_ settings: EndpointSettings) { self.settings = settings }

  private var base: Int64 { settings.ejection.clampedNanoseconds }

  private func isServing(_ host: Host) -> Bool { host.state == .serving }

  private var out: Int { hosts.filter { !isServing($0) }.count }

  private var mayBeOut: Int {
    let share = Int((Double(hosts.count) * settings.maxEjected + 1e-9).rounded(.down))
    return hosts.isEmpty ? 0 : min(share, hosts.count - 1)
  }

  private func position(_ number: Int) -> Int? { hosts.firstIndex { $0.number == number } }

  func weight(_ host: Host, at now: Int64) -> Double {
    guard let ramp = host.ramp, settings.slowStart > .zero else { return 1 }
    let part = Double(now - ramp) / Double(max(1, settings.slowStart.clampedNanoseconds))
    return part >= 1 ? 1 : max(settings.slowStartFloor, part)
  }

  private mutating func change(_ index: Int, to state: State, at now: Int64) {
    hosts[index].state = state
    hosts[index].epoch += 1
    hosts[index].since = now
    hosts[index].said = []
    hosts[index].credit = 0
    if state == .serving { hosts[index].ramp = now }
  }

  mutating func choose(avoiding tried: [Int], draws: (Double, Double), at now: Int64) -> Call? {
    if tried.isEmpty {
      for index in hosts.indices {
        switch hosts[index].state {
        case .out(let until) where until <= now, .probing(let until) where until <= now:
          hosts[index].state = .probing(lease: now + base)
          hosts[index].epoch += 1
          return call(index)
        default: continue
        }
      }
    }
    let serving = hosts.filter(isServing)
    let fresh = serving.filter { !tried.contains($0.number) }
    let notLast = serving.filter { $0.number != tried.last }
    let candidates = !fresh.isEmpty ? fresh : !notLast.isEmpty ? notLast : serving
    guard !candidates.isEmpty else { return nil }
    let chosen =
      switch settings.choice {
      case .roundRobin: nextInTurn(candidates, at: now)
      case .leastInFlight: ofTwo(candidates, draws, at: now)
      }
    return position(chosen).map { call($0) }
  }

  private mutating func call(_ index: Int) -> Call {
    hosts[index].flights += 1
    return Call(host: hosts[index].number, epoch: hosts[index].epoch)
  }

  private mutating func nextInTurn(_ candidates: [Host], at now: Int64) -> Int {
    let weights = candidates.map { weight($0, at: now) }
    var credits = zip(candidates, weights).map { $0.credit + $1 }
    let best =
      credits.indices.first { index in
        credits.allSatisfy { $0 <= credits[index] + 1e-9 }
      } ?? 0
    credits[best] -= weights.reduce(0, +)
    for (candidate, credit) in zip(candidates, credits) {
      if let index = position(candidate.number) { hosts[index].credit = credit }
    }
    return candidates[best].number
  }

  private func ofTwo(_ candidates: [Host], _ draws: (Double, Double), at now: Int64) -> Int {
    func draw(_ hosts: [Host], _ draw: Double) -> Host {
      let total = hosts.map { weight($0, at: now) }.reduce(0, +)
      var rest = draw * total
      for host in hosts {
        rest -= weight(host, at: now)
        if rest < 0 { return host }
      }
      return hosts[hosts.count - 1]
    }
    let first = draw(candidates, draws.0)
    let others = candidates.filter { $0.number != first.number }
    guard !others.isEmpty else { return first.number }
    let second = draw(others, draws.1)
    let load: (Host) -> Double = { Double($0.flights) / self.weight($0, at: now) }
    return load(second) < load(first) - 1e-12 ? second.number : first.number
  }

  mutating func settle(_ call: Call, as verdict: Verdict, draw: Double, at now: Int64) {
    guard let index = position(call.host) else { return }
    hosts[index].flights -= 1
    guard hosts[index].epoch == call.epoch, verdict != .ignored else {
      if hosts[index].epoch == call.epoch, case .probing = hosts[index].state {
        hosts[index].state = .out(until: now)
      }
      return
    }
    if case .probing = hosts[index].state {
      if verdict == .success {
        change(index, to: .serving, at: now)
      } else {
        eject(index, draw: draw, at: now)
      }
      return
    }
    hosts[index].said.append((verdict == .failure, now))
    guard verdict == .failure, isOutlier(hosts[index], at: now) else { return }
    if out < mayBeOut { eject(index, draw: draw, at: now) } else { suppressed += 1 }
  }

  private func recent(_ host: Host, at now: Int64) -> [Bool] {
    let length = max(1, settings.window.clampedNanoseconds / Int64(settings.buckets))
    return host.said.filter { $0.at / length > now / length - Int64(settings.buckets) }.map(
      \.failed
    )
  }

  private func isOutlier(_ host: Host, at now: Int64) -> Bool {
    let row = host.said.reversed().prefix { $0.failed }.count
    if row >= settings.consecutiveFailures { return true }
    let own = recent(host, at: now)
    let others = hosts.filter { $0.number != host.number && isServing($0) }
      .flatMap { recent($0, at: now) }
    guard own.count >= settings.minimumCalls, others.count >= settings.minimumCalls else {
      return false
    }
    func rate(_ said: [Bool]) -> Double { Double(said.filter { $0 }.count) / Double(said.count) }
    return rate(own) - rate(others) >= settings.excessFailureRate - 1e-12
  }

  private mutating func eject(_ index: Int, draw: Double, at now: Int64) {
    let host = hosts[index]
    var count = host.ejections
    if isServing(host) { count = max(0, count - Int((now - host.since) / base)) }
    count += 1
    let time = min(base * Int64(count), settings.longestEjection.clampedNanoseconds)
    let shortened = Int64(Double(time) * settings.ejectionJitter * draw)
    change(index, to: .out(until: now + time - shortened), at: now)
    hosts[index].ejections = count
  }

  mutating func add(_ name: Int, at now: Int64) {
    guard !hosts.contains(where: { $0.name == name }) else { return }
    made += 1
    let ramp = hosts.isEmpty ? nil : now
    hosts.append(Host(number: made, name: name, since: now, ramp: ramp))
  }

  mutating func remove(_ name: Int, at now: Int64) {
    hosts.removeAll { $0.name == name }
    restore(at: now)
  }

  mutating func replaceAll(with names: [Int], at now: Int64) {
    hosts.removeAll { !names.contains($0.name) }
    let ramp = hosts.isEmpty ? nil : now
    for name in names where !hosts.contains(where: { $0.name == name }) {
      made += 1
      hosts.append(Host(number: made, name: name, since: now, ramp: ramp))
    }
    restore(at: now)
  }

  private mutating func restore(at now: Int64) {
    while out > mayBeOut {
      let order = hosts.indices.filter { !isServing(hosts[$0]) }.map { index in
        switch hosts[index].state {
        case .out(let until): (index, until)
        default: (index, Int64.min)
        }
      }
      guard let first = order.min(by: { $0.1 < $1.1 }) else { return }
      change(first.0, to: .serving, at: now)
    }
  }
}
