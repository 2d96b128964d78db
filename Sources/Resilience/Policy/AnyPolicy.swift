/// A policy whose type is forgotten, for collections and for properties with a short type.
///
/// It costs a dynamic call per run; a ``Pipeline`` that keeps its type costs none. Inside, policies
/// see the values of all calls as `Any`, which a ``Classifier`` looks into: so there is one body for
/// them, which the compiler makes as quick as that of a pipeline that keeps its type.
public struct AnyPolicy: Policy {
  /// Runs an operation under a policy whose type only the closure knows.
  @usableFromInline
  typealias Runner = @Sendable (_ operation: () async throws -> Any) async throws -> Any

  private let base: any Policy
  @usableFromInline let runner: Runner

  /// Forgets the type of `policy`.
  @inlinable
  public init(_ policy: some Policy) {
    self.init(policy) { operation in try await policy.run(operation) }
  }

  @usableFromInline
  init(_ base: any Policy, runner: @escaping Runner) {
    self.base = base
    self.runner = runner
  }

  /// The most calls that one call can become under the policy inside.
  public var mostCalls: Int { base.mostCalls }

  /// The policies that the policy inside consists of.
  public var stages: [PolicyStage] { base.stages }

  /// Whether the policy inside is at rest.
  public var isAtRest: Bool { base.isAtRest }

  /// Runs the operation under the policy inside.
  @inlinable
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    let value = try await runner { try await operation() }
    // A policy knows no way to make a value of its own: this one is the operation's.
    guard let value = value as? T else { preconditionFailure("a policy returned another value") }
    return value
  }
}
