/// Something that calls go through: a ``Policy``, or one that stands around or inside a pipeline.
public protocol PolicyLayer {
  /// The policies that this consists of, outermost first: itself, unless it is a composition.
  var stages: [PolicyStage] { get }
}

extension PolicyLayer {
  /// The order of the policies, their settings, the most calls that one call can become, and what
  /// ``lint(isRepeatable:)`` finds, as text of several lines.
  ///
  /// - Parameter isRepeatable: Whether the calls may be carried out twice without harm.
  /// - Returns: A heading, a line per policy with the outermost first, and a line per finding.
  public func describe(isRepeatable: Bool = true) -> String {
    stages.description(titled: "policies", isRepeatable: isRepeatable)
  }

  /// What is questionable about the order and the settings of the policies.
  ///
  /// - Parameter isRepeatable: Whether the calls may be carried out twice without harm.
  /// - Returns: One element per finding, in the order of ``LintFinding/Rule``; empty when there is
  ///   nothing to say.
  public func lint(isRepeatable: Bool = true) -> [LintFinding] {
    LintFinding.all(in: stages, isRepeatable: isRepeatable)
  }
}

extension [PolicyStage] {
  /// The most calls that one call can become under all of them; `Int.max` for no limit.
  var mostCalls: Int {
    reduce(1) { product, stage in
      let (next, overflow) = product.multipliedReportingOverflow(by: stage.mostCalls)
      return overflow ? .max : next
    }
  }

  func description(titled title: String, isRepeatable: Bool) -> String {
    let most = mostCalls == .max ? "any number of calls" : "at most \(mostCalls)"
    let lines = enumerated().map { "  \($0 + 1). \($1)" }
    let findings = LintFinding.all(in: self, isRepeatable: isRepeatable).map { "  ! \($0)" }
    return (["\(title): one call becomes \(most)"] + lines + findings).joined(separator: "\n")
  }
}
