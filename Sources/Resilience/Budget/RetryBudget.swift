private import Synchronization

/// How many extra calls a client may make: retries and hedges, in proportion to its ordinary calls.
///
/// Retries help against failures that pass, and multiply the load of an outage that does not. A
/// budget bounds them for a whole client, however many policies share it: each ordinary call puts
/// `ratio` tokens in, up to a capacity, and each extra call takes one out. When there is none, extra
/// calls are not made any more; ordinary ones, and extra ones under way, go on. So that a quiet
/// client can retry at all, a few extra calls a second are granted in any case.
///
/// In the long run a client makes at most `1 + ratio` times its ordinary calls, and `floor` a second.
///
/// ## Source
/// Retry budgets of [Finagle](https://twitter.github.io/finagle/guide/Clients.html#retries);
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md), section
/// “Throttling retry attempts and hedged RPCs”.
public final class RetryBudget: Sendable {
  /// Tokens are counted in thousandths.
  private static let token: Int64 = 1_000

  private let deposit: Int64
  private let capacity: Int64
  /// Nanoseconds between two extra calls that are granted in any case; `nil` for none.
  private let floorInterval: Int64?
  private let timeline: Timeline
  private let balance: Atomic<Int64>
  /// When the next extra call is granted in any case.
  private let nextFloor: Atomic<Int64>

  /// Creates a budget that is full.
  ///
  /// - Parameters:
  ///   - ratio: Extra calls per ordinary call, in 0...1000, in steps of a thousandth.
  ///   - floor: Extra calls a second that are granted in any case, in 0...1000000.
  ///   - capacity: The most tokens there can be, and so the largest burst of extra calls, in
  ///     1...1000000.
  ///   - timeline: The time by which the floor is measured.
  public init(
    ratio: Double = 0.2,
    floor: Double = 1,
    capacity: Int = 100,
    timeline: Timeline = .system
  ) {
    requireValid { () throws(InvalidSetting) in
      try check("budget ratio", ratio, in: 0...1_000)
      try check("budget floor", floor, in: 0...1_000_000)
      try check("budget capacity", capacity, in: 1...1_000_000)
    }
    deposit = Int64((ratio * Double(Self.token)).rounded())
    self.capacity = Int64(capacity) * Self.token
    floorInterval = floor > 0 ? Int64(min(1e9 / floor, 9e18)) : nil
    self.timeline = timeline
    balance = Atomic(self.capacity)
    nextFloor = Atomic(.min)
  }

  /// Extra calls that may be made at this instant, the floor not counted.
  public var available: Int { Int(balance.load(ordering: .relaxed) / Self.token) }

  /// Puts in what an ordinary call is worth.
  package func noteCall() {
    var seen = balance.load(ordering: .relaxed)
    while seen < capacity, deposit > 0 {
      let (exchanged, original) = balance.weakCompareExchange(
        expected: seen,
        desired: min(capacity, seen + deposit),
        ordering: .relaxed
      )
      if exchanged { return }
      seen = original
    }
  }

  /// Takes out what an extra call costs.
  ///
  /// - Returns: Whether the call may be made.
  package func withdraw() -> Bool {
    var seen = balance.load(ordering: .relaxed)
    while seen >= Self.token {
      let (exchanged, original) = balance.weakCompareExchange(
        expected: seen,
        desired: seen - Self.token,
        ordering: .relaxed
      )
      if exchanged { return true }
      seen = original
    }
    return withdrawFloor()
  }

  private func withdrawFloor() -> Bool {
    guard let floorInterval else { return false }
    let now = timeline.now
    var seen = nextFloor.load(ordering: .relaxed)
    while seen <= now.nanoseconds {
      let (exchanged, original) = nextFloor.weakCompareExchange(
        expected: seen,
        desired: now.advanced(byNanoseconds: floorInterval).nanoseconds,
        ordering: .relaxed
      )
      if exchanged { return true }
      seen = original
    }
    return false
  }
}

extension RetryBudget: CustomStringConvertible {
  /// What it grants, such as `0.2 per call, up to 100 at once`.
  public var description: String {
    "\(Double(deposit) / Double(Self.token)) per call, up to \(capacity / Self.token) at once"
  }
}
