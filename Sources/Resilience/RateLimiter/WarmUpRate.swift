/// Evenly spaced permits whose spacing shrinks as a cold limiter is used, and grows back as it idles.
///
/// How cold it is, is counted in permits: *c*, from 0 (warm) to *N* (cold), as it is at first. The
/// spacing at *c* lies on a line from the stable interval *T* to the cold one, *f* × *T*:
///
///     spacing                        I(c) = T + slope × c      slope = (f - 1) × T / N
///     f × T ┤           ╱
///           │       ╱   │
///         T ┤   ╱       │            The area under the line from 0 to N, a trapezoid, is the time
///           │   │       │            that warming up takes: N × (T + f × T) / 2 = warmUp.
///           └───┴───────┴── c
///               0       N
///
/// A permit costs the area of one step to the left, ∫ *I* from *c* - 1 to *c* = *T* + slope ×
/// (*c* - ½), or *T* + slope × *c*² / 2 on the last, shorter step; then the next one can be had. An
/// idle limiter gets colder by *N* per `warmUp`, so that a pause of that length makes it cold.
///
/// With *T* = 100 ms, *f* = 3 and 2 s to warm up, *N* is 10: the permits are 290, 270, 250 … 110 ms
/// apart, and 100 ms from the eleventh on.
///
/// ## Source
/// Guava's [SmoothRateLimiter](https://github.com/google/guava/blob/master/guava/src/com/google/common/util/concurrent/SmoothRateLimiter.java),
/// class `SmoothWarmingUp`. There a flat part lies beside the slope, of permits that a short pause
/// saves up at the stable rate; here every pause cools.
struct WarmUpRate: RateMachine {
  private let interval: Double
  private let slope: Double
  /// *N*: how cold it can get.
  private let coldest: Double
  /// How much colder a nanosecond makes it.
  private let cooling: Double
  /// How cold it is at `nextFree`.
  private var coldness: Double
  private var nextFree = Moment.distantPast

  /// Creates a cold machine.
  ///
  /// - Parameters:
  ///   - interval: The stable interval in nanoseconds. Positive.
  ///   - warmUp: Nanoseconds. Positive.
  ///   - coldFactor: At least 1; times the interval at most `Int64.max`.
  init(interval: Int64, warmUp: Int64, coldFactor: Double) {
    self.interval = Double(interval)
    coldest = 2 * Double(warmUp) / (self.interval * (1 + coldFactor))
    slope = (coldFactor - 1) * self.interval / coldest
    cooling = coldest / Double(warmUp)
    coldness = coldest
  }

  var capacity: Int { 1 }

  func earliest(_ weight: Int, at now: Moment) -> Moment { max(now, nextFree) }

  mutating func take(_ weight: Int, at moment: Moment) {
    let moment = max(moment, nextFree)
    let cold = coldness(at: moment)
    let rest = min(cold, 1)
    let spacing = interval + slope * rest * (cold - rest / 2)
    nextFree = moment.advanced(byNanoseconds: Int64(spacing.rounded(.up)))
    coldness = cold - rest
  }

  func available(at now: Moment) -> Int { now < nextFree ? 0 : 1 }

  func isFresh(at now: Moment) -> Bool { now >= nextFree && coldness(at: now) >= coldest }

  private func coldness(at now: Moment) -> Double {
    let idle = Double(max(0, nextFree.nanoseconds(to: now)))
    return min(coldest, coldness + idle * cooling)
  }
}
