/// Something that runs an operation under a rule: a breaker, a retry, a timeout, a whole pipeline.
///
/// A policy decides whether, when and how often the operation runs. It never changes what the
/// operation returns or throws: a value comes out as it went in, an error of the operation is
/// rethrown unwrapped, and what the policy itself has to say is an error of its own.
///
/// The operation does not escape, need not be `Sendable`, and runs on the isolation of the caller:
///
/// ```swift
/// @MainActor func refresh() async throws {
///   try await policy.run { self.items = try await service.items() }
/// }
/// ```
///
/// Policies are shared, not copied per call: one instance guards one callee and remembers what it
/// saw. All of them may be used from any number of tasks at once.
public protocol Policy: PolicyLayer, Sendable {
  /// Runs the operation under this policy.
  ///
  /// - Parameter operation: What to call. It may run no times, once, or several times.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw last, or an error of this policy, such as a ``Rejection``.
  func run<T>(_ operation: () async throws -> T) async throws -> T

  /// The most calls of the operation that one call of ``run(_:)`` can become; `Int.max` for no
  /// limit.
  ///
  /// Of policies within each other the numbers multiply: a retry of three attempts around one of
  /// three is nine calls to a callee in trouble.
  var mostCalls: Int { get }

  /// Whether forgetting this policy at this instant would lose nothing: no call that it counts is in
  /// flight, nothing is refused, no quota is used, no failure is remembered.
  ///
  /// It is asked by a ``Keyed`` that needs room, outside its locks.
  var isAtRest: Bool { get }
}

extension Policy {
  /// One: most policies do not repeat.
  public var mostCalls: Int { 1 }

  /// One stage, of a kind that says nothing.
  public var stages: [PolicyStage] {
    [PolicyStage(.other, name: "\(Self.self)", mostCalls: mostCalls)]
  }

  /// `true`: a policy that remembers nothing can be made anew.
  public var isAtRest: Bool { true }
}
