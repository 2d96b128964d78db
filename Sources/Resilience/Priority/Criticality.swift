/// How much a call matters, when not every call can be served.
///
/// A policy that has to turn calls away turns away the less critical ones first. Four classes, so
/// that everyone who sets one can know what it means:
///
/// | Class | For |
/// | --- | --- |
/// | ``criticalPlus`` | what users notice at once, and much of it when it fails |
/// | ``critical`` | what users notice: the default |
/// | ``sheddablePlus`` | what can be repeated in minutes or hours: batch work |
/// | ``sheddable`` | what may often fail, or fail altogether, for a while |
///
/// ## Source
/// Cheng, A. C. & Beyer, B. (2016). [Handling
/// overload](https://sre.google/sre-book/handling-overload/), in *Site Reliability Engineering*,
/// section “Criticality”.
@frozen
public enum Criticality: UInt8, Hashable, Sendable, CaseIterable, Codable {
  /// May often fail, or fail altogether, for a while.
  case sheddable

  /// Can be repeated in minutes or hours.
  case sheddablePlus

  /// Users notice when it fails.
  case critical

  /// Users notice at once, and many of them.
  case criticalPlus

  /// What the caller said by ``withCriticality(_:_:)``; `nil` when nobody has said anything.
  @TaskLocal public static var stated: Criticality?

  /// The criticality of the current task: what was stated, or else what its priority suggests.
  public static var current: Criticality { stated ?? Criticality(Task.currentPriority) }

  /// What a task's priority suggests: background work is sheddable, utility work sheddable plus, and
  /// everything else critical.
  ///
  /// Work without a priority, such as that of a thread which no task runs on, is critical, too.
  public init(_ priority: TaskPriority) {
    self =
      switch priority.rawValue {
      case 0: .critical
      case ...TaskPriority.background.rawValue: .sheddable
      case ...TaskPriority.utility.rawValue: .sheddablePlus
      default: .critical
      }
  }
}

extension Criticality: Comparable {
  /// Whether this class is turned away before the other one.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension Criticality: CustomStringConvertible, LosslessStringConvertible {
  /// The class as adapters write it into a header: `critical-plus`, `critical`, `sheddable-plus` or
  /// `sheddable`.
  public var description: String {
    switch self {
    case .criticalPlus: "critical-plus"
    case .critical: "critical"
    case .sheddablePlus: "sheddable-plus"
    case .sheddable: "sheddable"
    }
  }

  /// Reads a class as ``description`` writes it, in upper or lower case.
  ///
  /// - Parameter description: The text; any other gives `nil`.
  public init?(_ description: String) {
    let text = description.lowercased()
    guard let found = Self.allCases.first(where: { $0.description == text }) else { return nil }
    self = found
  }
}

/// States how much everything that the operation does matters.
///
/// ```swift
/// try await withCriticality(.sheddable) {
///   try await payments.run { try await gateway.refreshCache() }
/// }
/// ```
///
/// It is a task-local value, inherited by child tasks; adapters put it on the wire.
///
/// - Parameters:
///   - criticality: The class. It replaces one stated further out, be it higher or lower.
///   - operation: What to do with it. It runs on the caller's isolation.
/// - Returns: What the operation returned.
/// - Throws: What the operation threw.
public func withCriticality<T>(
  _ criticality: Criticality,
  _ operation: () async throws -> T
) async rethrows -> T {
  try await Criticality.$stated.withValue(criticality, operation: operation)
}
