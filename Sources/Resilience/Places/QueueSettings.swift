/// How calls wait for a place, when there is none.
public struct QueueSettings: Hashable, Sendable {
  /// Who of those who wait goes first; among different classes of ``Criticality`` always the more
  /// critical, and among different fairness keys each in its turn.
  public enum Order: Hashable, Sendable, CustomStringConvertible {
    /// The one who has waited longest.
    case fifo

    /// The one who has waited longest; but once the queue has not been empty for this long, the one
    /// who came last, until it has been empty.
    ///
    /// In an overload the oldest call is the one whose caller has most likely given up. The newest
    /// has the best chance to be of use.
    ///
    /// ## Source
    /// Maurer, B. (2015). [Fail at scale](https://doi.org/10.1145/2838344.2839461), ACM Queue 13(8),
    /// section “Adaptive LIFO”.
    case adaptiveLIFO(after: Duration)

    /// The order in words.
    public var description: String {
      switch self {
      case .fifo: "first come, first served"
      case .adaptiveLIFO(let time): "last come, first served after \(time) of waiting"
      }
    }
  }

  /// How many calls may wait, at least 0: then a call without a place is refused.
  public var limit = 0

  /// How long a call may wait, if its deadline is not earlier.
  ///
  /// Zero and less refuse at once; what is too long for the timeline means for ever.
  public var maxWait = Duration.seconds(1)

  /// Who goes first.
  public var order = Order.fifo

  /// How a queue that does not empty is shortened; `nil` when it is not.
  public var dropping: CoDelSettings?

  /// Creates the default settings: nobody waits.
  public init() {}

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - limit: How many calls may wait. Not negative.
  ///   - maxWait: How long a call may wait.
  ///   - order: Who goes first.
  ///   - dropping: How a queue that does not empty is shortened.
  public init(
    limit: Int,
    maxWait: Duration = QueueSettings().maxWait,
    order: Order = .fifo,
    dropping: CoDelSettings? = nil
  ) {
    self.limit = limit
    self.maxWait = maxWait
    self.order = order
    self.dropping = dropping
  }

  func validate() throws(InvalidSetting) {
    try check("queue limit", limit, atLeast: 0)
    if case .adaptiveLIFO(let time) = order { try check("LIFO after", time, atLeast: .zero) }
    try dropping?.validate()
  }

  /// Whether anyone can wait at all.
  var letsWait: Bool { limit > 0 && maxWait > .zero }

  /// Whether it matters when a call came.
  var looksAtTime: Bool { order != .fifo || dropping != nil }
}

extension QueueSettings: CustomStringConvertible {
  /// The settings on one line; `none` when nobody waits.
  public var description: String {
    guard limit > 0 else { return "none" }
    let text = "\(limit) for up to \(maxWait), \(order)"
    return dropping.map { "\(text), CoDel \($0.target) over \($0.interval)" } ?? text
  }
}
