import Synchronization

/// Takes turns among a number of replicas.
final class RoundRobin: Sendable {
  private let count: Int
  private let turn = Atomic<Int>(0)

  /// - Parameter count: How many there are; at least 1.
  init(_ count: Int) {
    precondition(count >= 1, "need count (\(count)) >= 1")
    self.count = count
  }

  /// The next one, counted from 0 on.
  func next() -> Int {
    let (turn, _) = turn.wrappingAdd(1, ordering: .relaxed)
    return Int(UInt(bitPattern: turn) % UInt(count))
  }
}
