internal import Resilience

/// The failures that a server is to answer with, as a value.
struct RPCFaultScript: Sendable {
  private struct Rule {
    let id: Int
    let status: RPCStatus
    let method: RPCMethodName?
    var left: Int
    var hits = 0
  }

  private var rules: [Rule] = []
  private var ended: [Int: Int] = [:]
  private var nextID = 0

  mutating func inject(_ status: RPCStatus, times: Int, method: RPCMethodName?) -> Int {
    nextID += 1
    rules.append(Rule(id: nextID, status: status, method: method, left: times))
    return nextID
  }

  /// The failure for a call, by the first rule that is for it and not used up.
  mutating func hit(_ method: RPCMethodName) -> RPCStatus? {
    guard
      let index = rules.firstIndex(where: { $0.left > 0 && ($0.method ?? method) == method })
    else { return nil }
    rules[index].left -= 1
    rules[index].hits += 1
    return rules[index].status
  }

  mutating func heal(_ id: Int) {
    ended[id] = hits(of: id)
    rules.removeAll { $0.id == id }
  }

  func hits(of id: Int) -> Int {
    rules.first { $0.id == id }?.hits ?? ended[id] ?? 0
  }
}

/// A failure that was injected into an ``RPCServer``.
public struct InjectedRPCFault: Sendable {
  let id: Int
  let server: RPCServer

  /// How many calls it has hit.
  public var hits: Int { server.script.withLock { $0.hits(of: id) } }

  /// Ends it; twice does nothing the second time.
  public func heal() { server.script.withLock { $0.heal(id) } }
}
