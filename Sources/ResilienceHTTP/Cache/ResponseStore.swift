internal import Resilience

/// Responses by what they answer, bounded in number and bytes; the one used longest ago goes first.
///
/// A value without a lock or a clock.
///
/// - Complexity: O(1) to find, keep and forget one, but for what has to go to make room.
struct ResponseStore: Sendable {
  private struct Node: Sendable {
    let key: AskedResource.Key
    /// The values of the fields that the response varies by, in the order of their names.
    let values: [String?]
    var response: StoredResponse
    var newer: Int?
    var older: Int?
  }

  private struct Resource: Sendable {
    /// The names of the fields that the newest response varies by.
    let varying: [String]
    var nodes: [[String?]: Int] = [:]
    /// When the newest response was asked for.
    var latest = Moment.distantPast
  }

  let maxEntries: Int
  let maxBytes: Int

  private var resources: [AskedResource.Key: Resource] = [:]
  private var nodes: [Node?] = []
  private var free: [Int] = []
  private var newest: Int?
  private var oldest: Int?

  /// How many responses there are.
  private(set) var count = 0

  /// What they take together.
  private(set) var bytes = 0

  init(maxEntries: Int, maxBytes: Int) {
    self.maxEntries = maxEntries
    self.maxBytes = maxBytes
  }

  /// Keeps a response in place of the one before, and makes room for it.
  ///
  /// A response that is larger than the whole room is not kept, and the one before is forgotten. One
  /// that was asked for before the one that is kept came too late, and changes nothing.
  mutating func keep(_ response: StoredResponse, for asked: AskedResource) {
    if let latest = resources[asked.key]?.latest, response.asked < latest { return }
    if let resource = resources[asked.key], resource.varying != response.varying {
      forget(asked.key)
    }
    let values = Self.values(of: response.varying, in: asked.fields)
    if let node = resources[asked.key]?.nodes[values] { remove(node) }
    guard response.bytes <= maxBytes, maxEntries > 0 else { return }
    let node = insert(
      Node(key: asked.key, values: values, response: response, newer: nil, older: newest)
    )
    resources[asked.key, default: Resource(varying: response.varying)].nodes[values] = node
    resources[asked.key]?.latest = response.asked
    while count > maxEntries || bytes > maxBytes, let last = oldest { remove(last) }
  }

  /// The response that is kept for what is asked; that is a use of it.
  mutating func find(_ asked: AskedResource) -> StoredResponse? {
    guard let resource = resources[asked.key],
      let index = resource.nodes[Self.values(of: resource.varying, in: asked.fields)],
      let node = nodes[index]
    else { return nil }
    unlink(index)
    link(index)
    return node.response
  }

  /// Forgets all responses of a resource for one who asks.
  mutating func forget(_ key: AskedResource.Key) {
    for node in resources[key].map({ Array($0.nodes.values) }) ?? [] { remove(node) }
  }

  /// Forgets all responses of an address, whoever asked; O(n), n being all responses.
  mutating func forget(address: String) {
    for key in resources.keys.filter({ $0.address == address }) { forget(key) }
  }

  mutating func forgetAll() {
    self = ResponseStore(maxEntries: maxEntries, maxBytes: maxBytes)
  }

  /// The addresses of all responses, the one used last first.
  var addresses: [String] {
    var addresses: [String] = []
    var next = newest
    while let index = next, let node = nodes[index] {
      addresses.append(node.key.address)
      next = node.older
    }
    return addresses
  }

  private static func values(of names: [String], in fields: HTTPHeaders) -> [String?] {
    names.map { fields[$0]?.trimmedBlanks }
  }

  // MARK: The list, from the one used last to the one used longest ago

  private mutating func insert(_ node: Node) -> Int {
    let index = free.popLast() ?? nodes.count
    if index == nodes.count { nodes.append(node) } else { nodes[index] = node }
    count += 1
    bytes += node.response.bytes
    link(index)
    return index
  }

  private mutating func remove(_ index: Int) {
    guard let node = nodes[index] else { return }
    unlink(index)
    nodes[index] = nil
    free.append(index)
    count -= 1
    bytes -= node.response.bytes
    resources[node.key]?.nodes[node.values] = nil
    if resources[node.key]?.nodes.isEmpty == true { resources[node.key] = nil }
  }

  private mutating func link(_ index: Int) {
    nodes[index]?.newer = nil
    nodes[index]?.older = newest
    if let newest { nodes[newest]?.newer = index }
    newest = index
    if oldest == nil { oldest = index }
  }

  private mutating func unlink(_ index: Int) {
    guard let node = nodes[index] else { return }
    if let newer = node.newer { nodes[newer]?.older = node.older } else { newest = node.older }
    if let older = node.older { nodes[older]?.newer = node.newer } else { oldest = node.newer }
  }
}
