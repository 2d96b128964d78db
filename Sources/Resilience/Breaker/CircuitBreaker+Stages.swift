extension CircuitBreaker {
  /// The parents, the most distant one first, and the breaker itself.
  public nonisolated var stages: [PolicyStage] {
    let settings = settings
    let slowAfter = settings.slowAfter.map { "\($0)" } ?? "none"
    let stage = PolicyStage(
      .breaker,
      name: name,
      settings: [
        "trip": "\(settings.trip)",
        "open": "\(settings.open)",
        "slowAfter": slowAfter,
        "probes": "\(settings.halfOpen.probes)",
      ]
    )
    return (core.parent?.stages ?? []) + [stage]
  }
}
