/// Which faults are injected, as a value: requests and times in, faults out.
///
/// Each rule draws from a stream of its own, so that one more rule does not change what the others
/// draw. Time counts from the server's start.
struct FaultScript: Sendable {
  /// Names an injected fault for ever; the first one is 0.
  typealias ID = Int
  typealias Filter = @Sendable (ServerRequest) -> Bool

  struct Rule: Sendable {
    let id: ID
    let fault: ServerFault
    let filter: Filter?
    fileprivate let end: Duration?
    fileprivate var hitsLeft: Int?
    fileprivate let probability: Double
    fileprivate var draws: SplitMix64
  }

  /// What is to become of one request.
  struct Decision: Sendable, Equatable {
    var latency = Duration.zero
    var terminal: Hit?
  }

  struct Hit: Sendable, Equatable {
    let id: ID
    let fault: ServerFault
  }

  /// Whether the listener has to be closed now.
  enum Outage: Equatable {
    case none
    case until(Duration)
    case open
  }

  private let seed: UInt64
  private(set) var rules: [Rule] = []
  private var hits: [Int] = []
  private var healed: Set<ID> = []

  init(seed: UInt64) {
    self.seed = seed
  }

  mutating func inject(
    _ fault: ServerFault,
    _ scope: FaultScope,
    where filter: Filter? = nil,
    at now: Duration
  ) -> ID {
    let id = hits.count
    hits.append(0)
    var seeds = SplitMix64(seed: seed ^ UInt64(id) &* 0xD1B5_4A32_D192_ED03)
    rules.append(
      Rule(
        id: id,
        fault: fault,
        filter: filter,
        end: scope.span.map { now + $0 },
        hitsLeft: scope.hits,
        probability: scope.probability,
        draws: SplitMix64(seed: seeds.next())
      )
    )
    return id
  }

  mutating func heal(_ id: ID) {
    healed.insert(id)
    rules.removeAll { $0.id == id }
  }

  mutating func healAll() {
    healed.formUnion(hits.indices)
    rules = []
  }

  func isHealed(_ id: ID) -> Bool { healed.contains(id) }

  /// How many requests the fault has hit so far.
  func hits(of id: ID) -> Int { hits[id] }

  /// Decides about a request that the filters of the rules in `matching` let pass.
  ///
  /// The filters themselves are the caller's business: they are foreign code.
  mutating func decide(among matching: [ID], at now: Duration) -> Decision {
    var decision = Decision()
    expire(at: now)
    for index in rules.indices where matching.contains(rules[index].id) {
      switch rules[index].fault.kind {
      case .refuse: continue
      case .latency(let range):
        guard hit(index) else { continue }
        decision.latency += range.draw(using: &rules[index].draws)
      case .status, .hang, .reset, .truncatedBody, .drip, .garbage, .headerFlood, .contentType,
        .endlessHeaders, .endlessBody, .inflating:
        guard decision.terminal == nil, hit(index) else { continue }
        decision.terminal = Hit(id: rules[index].id, fault: rules[index].fault)
      }
    }
    rules.removeAll { $0.hitsLeft == 0 }
    return decision
  }

  /// Whether a connection that was just accepted is to be reset.
  mutating func refusesConnection(at now: Duration) -> Bool {
    expire(at: now)
    guard let index = rules.indices.first(where: { rules[$0].fault == .refuse && hit($0) }) else {
      return false
    }
    if rules[index].hitsLeft == 0 { rules.remove(at: index) }
    return true
  }

  /// Whether every connection is to be refused, and how long.
  mutating func outage(at now: Duration) -> Outage {
    expire(at: now)
    let refusals = rules.filter {
      $0.fault == .refuse && $0.hitsLeft == nil && $0.probability == 1
    }
    guard !refusals.isEmpty else { return .none }
    let ends = refusals.compactMap(\.end)
    guard ends.count == refusals.count, let last = ends.max() else { return .open }
    return .until(last)
  }

  private mutating func expire(at now: Duration) {
    rules.removeAll { rule in rule.end.map { $0 <= now } ?? false }
  }

  private mutating func hit(_ index: Int) -> Bool {
    let probability = rules[index].probability
    guard probability == 1 || Double.random(in: 0..<1, using: &rules[index].draws) < probability
    else { return false }
    hits[rules[index].id] += 1
    rules[index].hitsLeft = rules[index].hitsLeft.map { $0 - 1 }
    return true
  }
}

extension ClosedRange<Duration> {
  fileprivate func draw(using draws: inout SplitMix64) -> Duration {
    guard lowerBound < upperBound else { return lowerBound }
    return lowerBound + (upperBound - lowerBound) * Double.random(in: 0...1, using: &draws)
  }
}
