/// What a case takes beside its control, in nanoseconds per call.
struct Measurement: Encodable {
  let name: String
  let minimum: Double
  let median: Double
  let control: String

  /// Whether the figures that follow compare minima or medians.
  let statistic: Series.Statistic
  let controlTime: Double
  let ratio: Double

  /// The time less that of the same call without any policy.
  let overBare: Double

  init(of benchmark: Case, _ series: Series, control: Series, floor: Series) {
    name = benchmark.name
    minimum = series.minimum
    median = series.median
    self.control = benchmark.control
    statistic = benchmark.statistic
    controlTime = control[statistic]
    ratio = series[statistic] / controlTime
    overBare = series[statistic] - floor[statistic]
  }
}

extension Measurement: Row {
  static let columns = [
    Column("case", alignment: .left, width: Column.nameWidth),
    Column("minimum", width: 9),
    Column("median", width: 9),
    Column("control", alignment: .left, width: Column.nameWidth),
    Column("its time", width: 9),
    Column("ratio", width: 8),
    Column("over bare", width: 9),
  ]

  var cells: [String] {
    [
      name, minimum.rounded(to: 1), median.rounded(to: 1),
      control, controlTime.rounded(to: 1), ratio.rounded(to: 3), overBare.rounded(to: 1),
    ]
  }
}
