/// Places of a ``Bulkhead``, taken until this is released or dropped.
///
/// It cannot be copied, so the places are given back exactly once.
///
/// ```swift
/// let permit = try await bulkhead.acquire()
/// stream.start()
/// // … when it has ended
/// permit.release()
/// ```
public struct BulkheadPermit: ~Copyable, Sendable {
  private let core: PlaceCore
  private let weight: UInt64

  init(_ core: PlaceCore, weight: UInt64) {
    self.core = core
    self.weight = weight
  }

  deinit { core.leave(weight) }

  /// Gives the places back.
  public consuming func release() {}
}
