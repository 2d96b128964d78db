extension FaultServer {
  /// The last exchanges, oldest first; at most as many as the limits allow.
  ///
  /// The outcome of an exchange is noted before the first byte of the answer is sent.
  ///
  /// - Complexity: O(n) in the number of exchanges kept.
  public var exchanges: [ServerExchange] { service.exchanges }

  /// Number of complete, well-formed requests since the start.
  public var requestCount: Int { service.counts.requests }

  /// Number of requests that were answered without a terminal fault, 404 and its kin included.
  public var handledCount: Int { service.counts.handled }

  /// Number of requests that a terminal fault hit.
  public var faultedCount: Int { service.counts.faulted }

  /// Number of times that a connection brought something that is no acceptable request.
  public var malformedCount: Int { service.counts.malformed }

  /// Number of bytes of answers that the system has taken from the server since the start: what a
  /// client has received is less by what the system holds between the two.
  public var sentBytes: Int { service.sentBytes }

  /// Waits until the server has received at least `count` requests since its start.
  ///
  /// Returns early if the task is cancelled or the server is stopped.
  public func requests(atLeast count: Int) async {
    await service.requests(atLeast: count)
  }
}
