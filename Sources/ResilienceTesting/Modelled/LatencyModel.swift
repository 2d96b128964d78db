private import Foundation
public import Resilience

/// How long something takes, as a distribution to draw from.
///
/// Draws are never negative.
public enum LatencyModel: Hashable, Sendable, CustomStringConvertible {
  /// Always the same.
  case constant(Duration)

  /// Anything between two bounds, equally likely.
  case uniform(ClosedRange<Duration>)

  /// Exponentially distributed, as the gaps between independent arrivals are.
  case exponential(mean: Duration)

  /// What most services look like: half of the draws are below the median, and few are far above.
  ///
  /// With a median of 20 ms and a sigma of 0.5, 95 % are below 46 ms and 99 % below 64 ms.
  case logNormal(median: Duration, sigma: Double)

  /// Mostly one, but the other for a share of the draws in 0...1: a cache with its misses.
  indirect case bimodal(LatencyModel, LatencyModel, secondShare: Double)

  /// Draws a duration.
  ///
  /// - Parameter random: Asked once or twice, by ``bimodal(_:_:secondShare:)`` once more.
  /// - Returns: Zero or more.
  public func draw(from random: RandomSource) -> Duration {
    switch self {
    case .constant(let duration):
      return max(.zero, duration)
    case .uniform(let bounds):
      let width = bounds.upperBound - bounds.lowerBound
      return max(.zero, bounds.lowerBound + width * random.unit())
    case .exponential(let mean):
      return max(.zero, mean * -log(1 - random.unit()))
    case .logNormal(let median, let sigma):
      return max(.zero, median * exp(sigma * Self.normal(from: random)))
    case .bimodal(let first, let second, let share):
      return random.unit() < share ? second.draw(from: random) : first.draw(from: random)
    }
  }

  /// The distribution in words.
  public var description: String {
    switch self {
    case .constant(let duration): "\(duration)"
    case .uniform(let bounds): "\(bounds.lowerBound) to \(bounds.upperBound)"
    case .exponential(let mean): "exponential, mean \(mean)"
    case .logNormal(let median, let sigma): "log-normal, median \(median), sigma \(sigma)"
    case .bimodal(let first, let second, let share):
      "\(first), but \(second) for a share of \(share)"
    }
  }

  /// A number drawn from the standard normal distribution.
  ///
  /// ## Source
  /// Box, G. E. P. & Muller, M. E. (1958). [A note on the generation of random normal
  /// deviates](https://doi.org/10.1214/aoms/1177706645), The Annals of Mathematical Statistics 29(2).
  private static func normal(from random: RandomSource) -> Double {
    let radius = (-2 * log(1 - random.unit())).squareRoot()
    return radius * cos(2 * .pi * random.unit())
  }
}
