private import Synchronization

/// How a circuit breaker is being controlled.
public enum BreakerMode: String, Hashable, Sendable, CaseIterable {
  /// No call passes, and the circuit does not recover by itself. Wins over the others.
  case forcedOpen

  /// Every call passes and none is counted. Wins over shadow.
  case disabled

  /// The circuit opens and closes as usual but refuses nobody: calls that it would have refused
  /// pass uncounted, and are reported as ``Event/Kind/wouldRefuse(_:)``.
  case shadow
}

/// Who holds a breaker in which mode.
struct BreakerHolds: Hashable, Sendable {
  /// The number of a hold, unique in the process.
  typealias ID = UInt64

  private static let latestID = Atomic<ID>(0)

  static func newID() -> ID { latestID.add(1, ordering: .relaxed).newValue }

  private var modes: [ID: BreakerMode] = [:]

  var isEmpty: Bool { modes.isEmpty }
  var isForcedOpen: Bool { modes.values.contains(.forcedOpen) }
  var isDisabled: Bool { modes.values.contains(.disabled) }
  var isShadow: Bool { modes.values.contains(.shadow) }

  /// Begins a hold, or ends it with `nil`; doing either twice does nothing.
  mutating func set(_ mode: BreakerMode?, by id: ID) {
    modes[id] = mode
  }
}
