/// How long a call may take.
enum TimeoutLimit: Sendable, CustomStringConvertible {
  /// The same for every call; given in nanoseconds too, so that no call has to convert it.
  case fixed(Duration, nanoseconds: Int64)

  /// Asked for at each call.
  case each(@Sendable () -> Duration)

  /// The limit of a call that begins now.
  var current: (Duration, nanoseconds: Int64) {
    switch self {
    case .fixed(let limit, let nanoseconds):
      return (limit, nanoseconds)
    case .each(let limit):
      let limit = limit()
      return (limit, limit.clampedNanoseconds)
    }
  }

  /// The limit, if it is the same for every call.
  var ofEveryCall: Duration? {
    if case .fixed(let limit, _) = self { limit } else { nil }
  }

  var description: String { ofEveryCall.map { "\($0)" } ?? "each call's own" }
}
