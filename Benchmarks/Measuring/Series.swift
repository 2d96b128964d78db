/// Times per call, one element per round, in nanoseconds.
struct Series {
  /// How many rounds become one figure.
  enum Statistic: String, Encodable {
    case minimum, median
  }

  private(set) var times: [Double] = []

  mutating func append(_ time: Double) {
    times.append(time)
  }

  /// The shortest time: what the code takes when nothing disturbs it.
  var minimum: Double { times.min() ?? .nan }

  /// The middle time, the higher one of two: what it takes among the disturbances of this machine.
  var median: Double { times.isEmpty ? .nan : times.sorted()[times.count / 2] }

  subscript(statistic: Statistic) -> Double {
    switch statistic {
    case .minimum: minimum
    case .median: median
    }
  }
}
