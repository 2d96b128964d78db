import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A copy of the service that answers without servers: what a client sees of it is the same.
final class SimulatedService: ServiceCopy {
  private struct State {
    var requests: [Int]
    var faults: [ScopedFault] = []
    var byHand: [Fault] = []
    var phaseEnd = Moment.origin
    var draws: SplitMix64
    var lastID = UserCall.knownUsers
  }

  /// What is to become of a request.
  private struct Fate {
    var latency: Duration
    var terminal: Fault?
    var phaseEnd: Moment
  }

  /// The way there and back, and the work of a service that is well.
  private static let latency = LatencyModel.logNormal(median: .milliseconds(2), sigma: 0.4)

  private let timeline: Timeline
  private let random: RandomSource
  private let desks: [ServiceDesk]
  private let state: Guarded<State>
  private let url: URL

  init(_ options: Options, timeline: Timeline) {
    let traits = options.scenario.service
    var seeds = SplitMix64(seed: options.seed)
    self.timeline = timeline
    random = RandomSource(SplitMix64(seed: seeds.next()))
    desks = (0..<traits.replicas).map { _ in
      ServiceDesk(traits, rate: options.rate, timeline: timeline)
    }
    let requests = [Int](repeating: 0, count: traits.replicas)
    state = Guarded(State(requests: requests, draws: SplitMix64(seed: seeds.next())))
    guard let url = URL(string: "http://users.simulated") else {
      preconditionFailure("a name is a URL")
    }
    self.url = url
  }

  var replicas: Range<Int> { desks.indices }

  var requestsByReplica: [Int] { state.withLock { $0.requests } }

  func enter(_ phase: Scenario.Phase, for end: Duration) {
    for (index, desk) in desks.enumerated() { desk.enter(phase, replica: index) }
    let end = timeline.now.advanced(by: end)
    state.withLock { state in
      state.faults = phase.faults
      state.phaseEnd = end
    }
  }

  func breakByHand(_ faults: [Fault]) {
    state.withLock { $0.byHand = faults }
  }

  func close() async {}

  /// Answers a call, as the client that sends it sees it.
  ///
  /// - Throws: `HTTPStatusError` for every status but success, `URLError` as URLSession does,
  ///   `CancellationError` if the caller gives up.
  func answer(_ call: UserCall, replica: Int) async throws -> User {
    let fate = fate(of: replica)
    if fate.terminal == .refuse { throw URLError(.cannotConnectToHost) }
    try await timeline.sleep(for: fate.latency)
    switch fate.terminal {
    case .status(let status, let seconds):
      throw error(status, retryAfterSeconds: seconds)
    case .reset:
      throw URLError(.networkConnectionLost)
    case .hang:
      try await timeline.sleep(until: fate.phaseEnd)
      throw URLError(.networkConnectionLost)
    case .refuse, .latency, .slowdown, .quota, nil:
      break
    }
    switch try await desks[replica].serve() {
    case .full: throw error(503)
    case .lockedOut(let seconds): throw error(429, retryAfterSeconds: seconds)
    case nil: return try reply(to: call)
    }
  }

  private func fate(of replica: Int) -> Fate {
    let network = Self.latency.draw(from: random)
    return state.withLock { state in
      var fate = Fate(latency: network, terminal: nil, phaseEnd: state.phaseEnd)
      for scoped in state.byHand.map({ ScopedFault(fault: $0) }) + state.faults
      where scoped.hits(replica: replica) {
        guard scoped.share >= 1 || .random(in: 0..<1, using: &state.draws) < scoped.share else {
          continue
        }
        switch scoped.fault {
        case .latency(let range):
          let share = Double.random(in: 0...1, using: &state.draws)
          fate.latency += range.lowerBound + (range.upperBound - range.lowerBound) * share
        case .status, .hang, .refuse, .reset:
          fate.terminal = fate.terminal ?? scoped.fault
        case .slowdown, .quota:
          break
        }
      }
      if fate.terminal != .refuse { state.requests[replica] += 1 }
      return fate
    }
  }

  private func reply(to call: UserCall) throws -> User {
    switch call {
    case .read(let id):
      return User(id: id, name: "user \(id)")
    case .create(let name):
      let id = state.withLock { state in
        state.lastID += 1
        return state.lastID
      }
      return User(id: id, name: name)
    case .readUnknown: throw error(404)
    case .createInvalid: throw error(400)
    }
  }

  private func error(_ status: Int, retryAfterSeconds seconds: Int? = nil) -> HTTPStatusError {
    let headers: HTTPHeaders = seconds.map { ["Retry-After": "\($0)"] } ?? [:]
    return HTTPStatusError(status: status, headers: headers, url: url)
  }
}
