/// How the share of an endpoint grows that has come or returned.
struct SlowStart: Hashable, Sendable {
  private let length: Int64
  private let floor: Double

  init(_ settings: EndpointSettings) {
    length = settings.slowStart.clampedNanoseconds
    floor = settings.slowStartFloor
  }

  /// The share after a time.
  ///
  /// - Parameter elapsed: Nanoseconds since it began.
  /// - Returns: The share of a full share, in 0...1.
  func share(after elapsed: Int64) -> Double {
    elapsed >= length ? 1 : max(floor, Double(max(0, elapsed)) / Double(length))
  }
}
