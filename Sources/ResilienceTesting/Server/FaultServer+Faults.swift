extension FaultServer {
  /// Makes requests fail from now on.
  ///
  /// Faults are asked in the order in which they were injected: latencies add up, and the first
  /// terminal fault that hits decides.
  ///
  /// - Parameters:
  ///   - fault: What goes wrong.
  ///   - scope: Which requests it hits.
  ///   - filter: Further condition on the request, or nil for none. Called outside every lock, from
  ///     many threads at a time.
  /// - Returns: A handle with which the fault can be healed; it may be dropped.
  /// - Precondition: No `filter` with `.refuse`, since a refused connection has no request.
  @discardableResult
  public func inject(
    _ fault: ServerFault,
    _ scope: FaultScope = .always,
    where filter: (@Sendable (ServerRequest) -> Bool)? = nil
  ) -> InjectedFault {
    precondition(
      fault != .refuse || filter == nil,
      "a refused connection has no request to be filtered by"
    )
    let id = service.inject(fault, scope, where: filter)
    if fault == .refuse { core.applyFaults(retiringConnections: true) }
    return InjectedFault(id: id, service: service, core: core)
  }

  /// Ends all faults injected so far.
  public func healAll() {
    service.healAll()
    core.applyFaults()
  }
}

/// A fault that was injected into a server; holding it does not keep the server running.
public struct InjectedFault: Sendable {
  let id: FaultScript.ID
  let service: Service
  let core: ServerCore

  /// How many requests, or connections, the fault has hit.
  public var hits: Int { service.hits(of: id) }

  /// Ends the fault.
  ///
  /// New requests no longer meet it. Connections that hang because of it are closed; a listener that
  /// was closed listens again when this returns. Healing twice does nothing the second time.
  public func heal() {
    service.heal(id)
    core.applyFaults()
  }
}
