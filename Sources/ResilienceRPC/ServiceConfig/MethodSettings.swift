/// What an entry of a service configuration says, checked.
struct MethodSettings: Sendable {
  private static let sizes = 0...Int(clamping: UInt32.max)

  var timeout: Duration?
  var waitsForReady = false
  var maxRequestBytes: Int?
  var maxResponseBytes: Int?
  var retry: RetryRule?
  var hedging: HedgingRule?

  init() {}

  init(_ object: ConfigObject) throws(ServiceConfigError) {
    timeout = try object.duration("timeout", orZero: true)
    waitsForReady = try object.bool("waitForReady")
    maxRequestBytes = try object.integer("maxRequestMessageBytes", in: Self.sizes)
    maxResponseBytes = try object.integer("maxResponseMessageBytes", in: Self.sizes)
    if let policy = try object.object("retryPolicy") { retry = try RetryRule(policy) }
    if let policy = try object.object("hedgingPolicy") {
      guard retry == nil else {
        throw object.invalid("hedgingPolicy", allowed: "absent where there is a retryPolicy")
      }
      hedging = try HedgingRule(policy)
    }
  }
}
