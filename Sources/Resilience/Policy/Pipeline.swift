/// Policies nested into each other, the first one outermost.
///
/// ```swift
/// let payments = Pipeline("payments") {
///   Retry(attempts: 3)
///   CircuitBreaker("payments")
///   Timeout(.milliseconds(500))
/// }
/// let receipt = try await payments.run { try await gateway.charge(order) }
/// ```
///
/// A pipeline is made once and shared, as its policies are. Its type names every policy in it, so
/// that the compiler can see through the whole of it; ``AnyPolicy`` shortens the type where that
/// matters more.
@frozen
public struct Pipeline<Stack: Policy>: Policy {
  /// The name of the pipeline, as it appears in logs.
  public let name: String

  @usableFromInline let stack: Stack

  /// Creates a pipeline of the given policies, outermost first.
  ///
  /// - Parameters:
  ///   - name: How the pipeline is called in logs.
  ///   - policies: One policy per line; `if` and `switch` may choose between them.
  public init(_ name: String, @PipelineBuilder policies: () -> Stack) {
    self.name = name
    stack = policies()
  }

  /// The most calls that one call can become under all policies.
  public var mostCalls: Int { stack.mostCalls }

  /// The policies in it, outermost first, those of pipelines within it included.
  public var stages: [PolicyStage] { stack.stages }

  /// The name, the order of the policies, their settings, the most calls that one call can become,
  /// and what ``PolicyLayer/lint(isRepeatable:)`` finds, as text of several lines.
  ///
  /// - Parameter isRepeatable: Whether the calls may be carried out twice without harm.
  /// - Returns: A heading, a line per policy with the outermost first, and a line per finding.
  public func describe(isRepeatable: Bool = true) -> String {
    stages.description(titled: name, isRepeatable: isRepeatable)
  }

  /// Whether all policies in it are at rest.
  public var isAtRest: Bool { stack.isAtRest }

  /// Runs the operation under all policies.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await stack.run(operation)
  }
}
