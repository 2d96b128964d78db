/// How a bulkhead behaves.
///
/// ```swift
/// var settings = BulkheadSettings()
/// settings.limit = 64
/// settings.queue = QueueSettings(limit: 256, order: .adaptiveLIFO(after: .seconds(1)))
/// settings.shares.sheddable = 0.5
/// let bulkhead = Bulkhead(settings, name: "inventory")
/// ```
public struct BulkheadSettings: Hashable, Sendable {
  /// How many calls may run at once, or what they may weigh together. At least 1.
  public var limit = 64

  /// How calls wait for a place.
  public var queue = QueueSettings()

  /// Which share of the places calls of each class of criticality may fill.
  public var shares = CriticalityShares()

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: ``InvalidSetting`` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) { try places.validate() }

  var places: PlaceSettings { PlaceSettings(limit: limit, queue: queue, shares: shares) }
}
