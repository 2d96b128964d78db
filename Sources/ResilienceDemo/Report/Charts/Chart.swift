/// A chart over the time of a run, as a value: one line for each client.
struct Chart: Equatable, Sendable {
  /// What the values are.
  enum Unit: Equatable, Sendable {
    case share, milliseconds, perSecond

    /// A value in words, as exact as it is useful.
    func text(_ value: Double) -> String {
      switch self {
      case .share: (value * 100).fixed(0) + " %"
      case .milliseconds where value >= 1_000: (value / 1_000).short + " s"
      case .milliseconds: (value >= 100 ? value.fixed(0) : value.short) + " ms"
      case .perSecond: value.short + "/s"
      }
    }
  }

  /// The values of one client, one element per interval, oldest first; `nil` where there is none.
  struct Line: Equatable, Sendable {
    let name: String
    let series: Series
    let values: [Double?]
  }

  /// Names the chart within its page: letters, digits and hyphens.
  let id: String
  let title: String
  /// What is to be seen, in a sentence, for those who see the chart and those who do not.
  let note: String
  let unit: Unit
  let scale: ValueScale
  let lines: [Line]
  /// A value to compare with, and what it is.
  let reference: Reference?
  let time: TimeAxis

  struct Reference: Equatable, Sendable {
    let value: Double
    let label: String
  }
}

/// The time of a run from left to right, and what divides it.
struct TimeAxis: Equatable, Sendable {
  /// Seconds.
  let duration: Double
  /// Number of the intervals that values stand for, those to come included.
  let intervals: Int
  let phases: [RunPicture.Phase]

  /// A moment as a share of the width.
  func percent(_ seconds: Double) -> Attribute.Length { .percent(100 * share(seconds)) }

  /// A moment as a share of the duration, in 0...1.
  func share(_ seconds: Double) -> Double {
    duration > 0 ? min(max(seconds / duration, 0), 1) : 0
  }

  /// Moments with a number under the chart: the beginning, the end, and three between.
  var marks: [Double] { (0...4).map { duration * Double($0) / 4 } }

  /// The end of an interval, in seconds.
  func end(of interval: Int) -> Double {
    duration * Double(interval + 1) / Double(max(intervals, 1))
  }

  /// The same time with phases that are shaded but not named.
  var withoutNames: TimeAxis {
    TimeAxis(
      duration: duration,
      intervals: intervals,
      phases: phases.map {
        RunPicture.Phase(name: "", isFailing: $0.isFailing, start: $0.start, end: $0.end)
      }
    )
  }
}
