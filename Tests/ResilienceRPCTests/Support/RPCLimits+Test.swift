import ResilienceRPC

extension RPCLimits {
  /// Bounds with so many bytes for a message of a response.
  static func response(_ bytes: Int) -> RPCLimits {
    var limits = RPCLimits()
    limits.responseBytes = bytes
    return limits
  }
}
