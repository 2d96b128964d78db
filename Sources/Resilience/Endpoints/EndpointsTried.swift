/// The endpoints that one call has tried in vain, so that its next attempt goes elsewhere.
///
/// It holds the last 64 of them.
public struct EndpointsTried: Sendable {
  private static let most = 64

  /// Oldest first.
  private(set) var ids: [UInt64] = []

  /// Creates the memory of a call that has tried nothing.
  public init() {}

  /// Whether nothing has been tried in vain.
  public var isEmpty: Bool { ids.isEmpty }

  @usableFromInline
  mutating func note(_ attempt: EndpointsCore.Attempt) { note(attempt.ticket.id) }

  mutating func note(_ id: UInt64) {
    ids.removeAll { $0 == id }
    if ids.count == Self.most { ids.removeFirst() }
    ids.append(id)
  }

  func contains(_ id: UInt64) -> Bool { ids.contains(id) }
}
