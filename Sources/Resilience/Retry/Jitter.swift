/// How chance changes a pause, so that callers who failed together do not return together.
///
/// ## Source
/// Brooker, M. (2015). [Exponential backoff and jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/),
/// section “Adding jitter”; *u* is drawn uniformly from 0 ..< 1, *d* is the pause without jitter.
public enum Jitter: Hashable, Sendable {
  /// *d*.
  case none

  /// *d* × *u*.
  case full

  /// *d* × (1 + *u*) / 2.
  case equal

  /// *d* × (1 - share + 2 × share × *u*): up to the given share shorter or longer, in 0...1.
  case factor(Double)

  /// The pause with jitter.
  func apply(to pause: Duration, random: RandomSource) -> Duration {
    switch self {
    case .none: pause
    case .full: pause.scaled(by: random.unit())
    case .equal: pause.scaled(by: (1 + random.unit()) / 2)
    case .factor(let share): pause.scaled(by: 1 - share + 2 * share * random.unit())
    }
  }
}

extension Duration {
  /// The largest duration that can be multiplied by a small number without overflow.
  static let longest = Duration.seconds(Int64.max)

  /// This duration times a factor that is not negative, at most ``longest``.
  package func scaled(by factor: Double) -> Duration {
    let seconds = self / .seconds(1) * factor
    guard seconds < 9e18 else { return .longest }
    return self * factor
  }
}
