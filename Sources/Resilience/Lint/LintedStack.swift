/// A stack of policies as the rules of ``LintFinding`` look at it.
struct LintedStack {
  let stages: [PolicyStage]
  let isRepeatable: Bool

  /// One message for each place where the rule finds something.
  func messages(of rule: LintFinding.Rule) -> [String] {
    switch rule {
    case .retryWithoutBreaker:
      retries.filter { !inside($0.offset).contains { $0.kind == .breaker } }.map { _, stage in
        "\(stage.title) has no circuit breaker further in: it goes on when the callee is down"
      }
    case .unboundedAmplification:
      stages.filter { $0.mostCalls == .max }.map { stage in
        "\(stage.title) sets no limit to the calls that one call becomes"
      }
    case .nestedRetries: nestedRetries
    case .attemptTimeoutLongerThanTotal: vainTimeouts
    case .bulkheadInsideRetryWithoutWait:
      limits.filter { $1.waitLimit == nil && $1.isUnrepeatable(within: outside($0)) }
        .map { _, stage in "\(stage.title) refuses without letting wait, within a retry" }
    case .bulkheadOutsideRetry:
      limits.filter { $1.holdsPlaces && inside($0).contains(where: \.isRepeating) }
        .map { _, stage in "\(stage.title) holds places during the pauses of a retry further in" }
    case .waitLongerThanTimeout: longWaits
    case .breakerWithoutTimeoutInside:
      stages.enumerated().filter { offset, stage in
        stage.kind == .breaker && !inside(offset).contains { $0.kind == .timeout }
          && outside(offset).contains { $0.kind == .timeout }
      }
      .map { "\($1.title) does not count calls that hang: the timeout is further out" }
    case .noTimeout:
      stages.isEmpty || stages.contains { $0.kind == .timeout }
        ? [] : ["nothing bounds how long a call takes"]
    case .retryOnNonIdempotent:
      isRepeatable ? [] : retries.map { "\($1.title) repeats what must not be carried out twice" }
    case .hedgeOnNonIdempotent:
      isRepeatable
        ? []
        : stages.filter { $0.kind == .hedge }
          .map { "\($0.title) doubles what must not be carried out twice" }
    case .policyMadePerCall:
      stages.compactMap { stage in
        let made = PolicyCensus.count(stage.kind, stage.name)
        guard made >= PolicyCensus.suspicious else { return nil }
        return "\(stage.title) was made \(made) times: make it once and share it"
      }
    }
  }

  private var retries: [(offset: Int, element: PolicyStage)] {
    stages.enumerated().filter { $1.isRepeating }
  }

  /// Policies that let a limited number through.
  private var limits: [(offset: Int, element: PolicyStage)] {
    stages.enumerated().filter { $1.holdsPlaces || $1.kind == .rateLimiter }
  }

  private var nestedRetries: [String] {
    let repeating = stages.filter { $0.mostCalls > 1 }
    guard repeating.count > 1 else { return [] }
    let titles = repeating.map(\.title).joined(separator: " around ")
    let product = repeating.mostCalls
    return ["\(titles): one call becomes \(product == .max ? "any number" : "up to \(product)")"]
  }

  private var vainTimeouts: [String] {
    stages.enumerated().compactMap { offset, stage in
      guard stage.kind == .timeout, let limit = stage.timeLimit else { return nil }
      let shorter = outside(offset).first {
        $0.kind == .timeout && ($0.timeLimit ?? .longest) <= limit
      }
      guard let shorter, let outer = shorter.timeLimit else { return nil }
      return "\(stage.title) of \(limit) cannot strike within \(shorter.title) of \(outer)"
    }
  }

  private var longWaits: [String] {
    stages.enumerated().compactMap { offset, stage in
      guard let wait = stage.waitLimit else { return nil }
      let shorter = outside(offset).first { ($0.timeLimit ?? .longest) <= wait }
      guard let shorter, let outer = shorter.timeLimit else { return nil }
      return "\(stage.title) lets wait for \(wait), within \(shorter.title) of \(outer)"
    }
  }

  private func outside(_ index: Int) -> ArraySlice<PolicyStage> { stages[..<index] }

  private func inside(_ index: Int) -> ArraySlice<PolicyStage> { stages[(index + 1)...] }
}

extension PolicyStage {
  /// The kind and the name.
  fileprivate var title: String {
    name.isEmpty || name == kind.rawValue ? "\(kind)" : "\(kind) “\(name)”"
  }

  /// Whether it is a retry, and of more than one attempt.
  fileprivate var isRepeating: Bool { kind == .retry && mostCalls > 1 }

  /// Whether some retry further out does not repeat what this one refuses.
  ///
  /// A rate limiter says when to come again, and a retry may wait for that.
  fileprivate func isUnrepeatable(within outer: ArraySlice<PolicyStage>) -> Bool {
    outer.contains { $0.isRepeating && !(kind == .rateLimiter && $0.waitsForRefusals) }
  }

  /// Whether calls hold a place of it while they run.
  fileprivate var holdsPlaces: Bool { kind == .bulkhead || kind == .adaptiveLimiter }
}
