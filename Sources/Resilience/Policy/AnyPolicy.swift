/// A policy whose type is forgotten, for collections and for properties with a short type.
///
/// It costs a dynamic call per run; a ``Pipeline`` that keeps its type costs none.
public struct AnyPolicy: Policy {
  private let base: any Policy

  /// Forgets the type of `policy`.
  public init(_ policy: some Policy) {
    base = policy
  }

  /// The most calls that one call can become under the policy inside.
  public var mostCalls: Int { base.mostCalls }

  /// The policies that the policy inside consists of.
  public var stages: [PolicyStage] { base.stages }

  /// Whether the policy inside is at rest.
  public var isAtRest: Bool { base.isAtRest }

  /// Runs the operation under the policy inside.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await base.run(operation)
  }
}
