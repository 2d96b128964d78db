/// How many calls run at once, and how others wait.
struct PlaceSettings: Hashable, Sendable {
  /// How many places there are, in 1...`Int.max`.
  var limit: Int

  /// How calls wait for a place.
  var queue = QueueSettings()

  /// Which share of the places each class may fill.
  var shares = CriticalityShares()

  func validate() throws(InvalidSetting) {
    try check("limit", limit, atLeast: 1)
    try queue.validate()
    try shares.validate()
  }
}
