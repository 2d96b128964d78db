/// A policy whose type is forgotten, for collections and for properties with a short type.
///
/// It costs a dynamic call per run; a ``Pipeline`` that keeps its type costs none. Where all policies
/// inside are of this package, they see the values of all calls as `Any`, which a ``Classifier`` looks
/// into: so there is one body for them, which the compiler can make as quick as that of a pipeline that
/// keeps its type. A policy of your own, whose stage is ``PolicyStage/Kind-swift.enum/other``, sees the
/// type of each call, which takes longer.
public struct AnyPolicy: Policy {
  /// Runs an operation under a policy whose type only the closure knows.
  @usableFromInline
  typealias Runner = @Sendable (_ operation: () async throws -> Any) async throws -> Any

  @usableFromInline let base: any Policy
  /// `nil` if a policy inside may want to know the type of the values.
  @usableFromInline let runner: Runner?

  /// Forgets the type of `policy`.
  @inlinable
  public init(_ policy: some Policy) {
    self.init(policy) { operation in try await policy.run(operation) }
  }

  @usableFromInline
  init(_ base: any Policy, runner: @escaping Runner) {
    self.base = base
    self.runner = base.stages.allSatisfy { $0.kind != .other } ? runner : nil
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
    guard let runner else { return try await base.run(operation) }
    let value = try await runner { try await operation() }
    // Those that are known make no values of their own: this one is the operation's.
    guard let value = value as? T else { throw ForeignValue(value, instead: T.self, from: base) }
    return value
  }
}

/// A policy that passes for one of this package's has returned a value of its own making.
@usableFromInline
struct ForeignValue: Error, CustomStringConvertible {
  @usableFromInline let description: String

  @usableFromInline
  init(_ value: Any, instead type: Any.Type, from policy: any Policy) {
    let names = policy.stages.map(\.name).joined(separator: ", ")
    description = "a policy of “\(names)” returned a \(Swift.type(of: value)) instead of a \(type)"
  }
}
