/// Builds the stack of a ``Pipeline`` from one policy per line, at most ten of them.
@resultBuilder
public enum PipelineBuilder {
  /// Lets an `if` without `else` leave a policy out.
  public static func buildOptional<P: Policy>(_ policy: P?) -> Either<P, NoPolicy> {
    policy.map(Either.first) ?? .second(NoPolicy())
  }

  /// Lets an `if` or a `switch` choose the first policy.
  public static func buildEither<A: Policy, B: Policy>(first policy: A) -> Either<A, B> {
    .first(policy)
  }

  /// Lets an `if` or a `switch` choose the second policy.
  public static func buildEither<A: Policy, B: Policy>(second policy: B) -> Either<A, B> {
    .second(policy)
  }
}

/// Two policies, one inside the other.
@frozen
public struct Nested<Outer: Policy, Inner: Policy>: Policy {
  @usableFromInline let outer: Outer
  @usableFromInline let inner: Inner

  init(outer: Outer, inner: Inner) {
    self.outer = outer
    self.inner = inner
  }

  /// The most calls that one call can become under both.
  public var mostCalls: Int {
    let (product, overflow) = outer.mostCalls.multipliedReportingOverflow(by: inner.mostCalls)
    return overflow ? .max : product
  }

  /// Those of the outer policy, and then those of the inner one.
  public var stages: [PolicyStage] { outer.stages + inner.stages }

  /// Whether both are at rest.
  public var isAtRest: Bool { outer.isAtRest && inner.isAtRest }

  /// Runs the operation under the inner policy, and that under the outer one.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await outer.run { try await inner.run(operation) }
  }
}

/// One of two policies, chosen when the pipeline was built.
@frozen
public enum Either<First: Policy, Second: Policy>: Policy {
  /// The first policy was chosen.
  case first(First)

  /// The second policy was chosen.
  case second(Second)

  /// The most calls that one call can become under the policy that was chosen.
  public var mostCalls: Int {
    switch self {
    case .first(let policy): policy.mostCalls
    case .second(let policy): policy.mostCalls
    }
  }

  /// Those of the policy that was chosen.
  public var stages: [PolicyStage] {
    switch self {
    case .first(let policy): policy.stages
    case .second(let policy): policy.stages
    }
  }

  /// Whether the policy that was chosen is at rest.
  public var isAtRest: Bool {
    switch self {
    case .first(let policy): policy.isAtRest
    case .second(let policy): policy.isAtRest
    }
  }

  /// Runs the operation under the policy that was chosen.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    switch self {
    case .first(let policy): try await policy.run(operation)
    case .second(let policy): try await policy.run(operation)
    }
  }
}

/// The policy that does nothing.
@frozen
public struct NoPolicy: Policy {
  /// Creates the policy that does nothing.
  public init() {}

  /// None.
  public var stages: [PolicyStage] { [] }

  /// Runs the operation.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await operation()
  }
}
