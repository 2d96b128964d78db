/// Why a call had no place.
public enum PlaceRefusal: Hashable, Sendable, CustomStringConvertible {
  /// All places were taken, and there was no room, or no time, to wait.
  case queueFull

  /// The call waited as long as it may.
  case waitedTooLong(Duration)

  /// The call waited, and made room for one that matters more, whose key had less, or, in an
  /// overload, that was newer.
  case displaced

  /// The call waited at the head of a queue that did not empty, and was turned away to shorten it.
  case dropped(after: Duration)

  /// The call asks for more places than there are for its class, so that waiting would be in vain.
  case tooHeavy(weight: Int, limit: Int)

  /// The reason, as the end of a sentence that begins with the policy.
  public var description: String {
    switch self {
    case .queueFull: "is full, and there was no room or time to wait"
    case .waitedTooLong(let wait): "had no place within \(wait)"
    case .displaced: "gave the place in the queue to another call"
    case .dropped(let wait): "shortened its queue after \(wait) of waiting"
    case .tooHeavy(let weight, let limit): "has \(limit) places, fewer than the \(weight) asked for"
    }
  }
}

extension PlaceRefusal {
  static func tooHeavy(_ weight: UInt64, limit: UInt64) -> PlaceRefusal {
    .tooHeavy(weight: Int(clamping: weight), limit: Int(clamping: limit))
  }
}
