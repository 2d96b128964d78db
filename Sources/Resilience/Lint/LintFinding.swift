/// Something questionable about a stack of policies.
public struct LintFinding: Hashable, Sendable {
  /// What was looked for; the name of each rule is its case.
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    /// A retry with no circuit breaker further in: it goes on against a callee that is down.
    case retryWithoutBreaker

    /// Nothing bounds the calls that one call can become.
    case unboundedAmplification

    /// Two policies that repeat, one within the other: their attempts multiply.
    case nestedRetries

    /// A timeout that cannot strike, since one further out is as short.
    case attemptTimeoutLongerThanTotal

    /// A limit on calls within a retry that lets nobody wait: it refuses in a burst, and the retry
    /// does not repeat refusals.
    case bulkheadInsideRetryWithoutWait

    /// A limit on calls around a retry: places are held during its pauses.
    case bulkheadOutsideRetry

    /// A queue in which calls may wait for longer than a timeout further out allows.
    case waitLongerThanTimeout

    /// A circuit breaker within a timeout, with none further in: calls that hang are cancelled from
    /// outside and so are not counted.
    case breakerWithoutTimeoutInside

    /// Nothing bounds how long a call takes.
    case noTimeout

    /// A retry around a call that must not be carried out twice.
    case retryOnNonIdempotent

    /// A hedge around a call that must not be carried out twice.
    case hedgeOnNonIdempotent

    /// A policy that remembers is made again and again under one name, so that it remembers nothing.
    case policyMadePerCall
  }

  /// What was looked for.
  public let rule: Rule

  /// What was found, in a sentence that names the policies.
  public let message: String

  init(_ rule: Rule, _ message: String) {
    self.rule = rule
    self.message = message
  }

  /// What is questionable about a stack of policies.
  ///
  /// For layers that are no part of a pipeline, such as a hedge around one:
  /// `LintFinding.all(in: hedge.stages + pipeline.stages, isRepeatable: false)`.
  ///
  /// - Parameters:
  ///   - stages: The policies, outermost first.
  ///   - isRepeatable: Whether the calls may be carried out twice without harm.
  /// - Returns: One element per finding, in the order of ``Rule``.
  public static func all(in stages: [PolicyStage], isRepeatable: Bool = true) -> [LintFinding] {
    let stack = LintedStack(stages: stages, isRepeatable: isRepeatable)
    return Rule.allCases.flatMap { rule in
      stack.messages(of: rule).map { LintFinding(rule, $0) }
    }
  }
}

extension LintFinding: CustomStringConvertible {
  /// The rule and the message on one line.
  public var description: String { "\(rule.rawValue): \(message)" }
}
