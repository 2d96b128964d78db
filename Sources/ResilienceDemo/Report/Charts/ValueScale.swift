import Foundation

/// How values become heights: 0 at the bottom of a chart, 1 at its top.
struct ValueScale: Equatable, Sendable {
  private enum Kind { case linear, logarithmic }

  /// Values with a line across the chart, lowest first.
  let marks: [Double]
  private let kind: Kind
  private let range: ClosedRange<Double>

  /// A scale from 0 to 1 for shares, marked at each quarter.
  static let share = Self(marks: [0, 0.25, 0.5, 0.75, 1], kind: .linear, range: 0...1)

  /// A scale from zero that holds all values, with three to five marks at round numbers.
  ///
  /// For a greatest value of 83 the marks are 0, 20, 40, 60, 80, and the chart ends at 83.
  static func linear(_ values: [Double]) -> Self {
    let top = max(values.max() ?? 0, 1e-9)
    let rough = top / 4
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? power
    let marks = (0...5).map { Double($0) * step }.filter { $0 <= top * 1.000_001 }
    return Self(marks: marks, kind: .linear, range: 0...(top * 1.04))
  }

  /// A scale of powers of ten that holds all values above zero: each mark is ten times the last.
  static func logarithmic(_ values: [Double]) -> Self {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    let low = floor(log10(positive.min() ?? 1))
    let high = max(ceil(log10(positive.max() ?? 10)), low + 1)
    let marks = stride(from: low, through: high, by: 1).map { pow(10, $0) }
    return Self(marks: marks, kind: .logarithmic, range: pow(10, low)...pow(10, high))
  }

  /// Powers of ten where the values span more than a factor of twenty, else from zero.
  static func latency(_ values: [Double]) -> Self {
    let positive = values.filter { $0 > 0 }
    guard let low = positive.min(), let high = positive.max(), high > 20 * low else {
      return linear(values)
    }
    return logarithmic(values)
  }

  /// The height of a value, cut to 0...1.
  func height(of value: Double) -> Double {
    guard !value.isNaN else { return 0 }
    let height =
      switch kind {
      case .linear: value / range.upperBound
      case .logarithmic:
        (log10(max(value, range.lowerBound)) - log10(range.lowerBound))
          / (log10(range.upperBound) - log10(range.lowerBound))
      }
    return min(max(height, 0), 1)
  }
}
