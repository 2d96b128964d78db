import Resilience

extension Case {
  /// Endpoints that are all well.
  static let endpoints =
    [3, 100].flatMap { count in
      [
        balanced("endpoints.roundRobin.\(count)", .roundRobin, count),
        balanced("endpoints.leastInFlight.\(count)", .leastInFlight, count),
      ]
    }

  private static func balanced(
    _ name: String,
    _ choice: EndpointSettings.Choice,
    _ count: Int
  ) -> Case {
    var settings = EndpointSettings()
    settings.choice = choice
    return Case(
      name,
      against: "bare.closure",
      of: Endpoints(name, 0..<count, settings)
    ) { endpoints, calls in
      var sum = 0
      for _ in 0..<calls { sum &+= try await endpoints.run { try await operation($0) } }
      Blackhole.swallow(sum)
    }
  }
}
