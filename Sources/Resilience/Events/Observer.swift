/// Receives the events of policies.
///
/// It is called on the task of the call, outside every lock, and may call any policy. It must be
/// quick: the call waits for it.
public protocol Observer: Sendable {
  /// Takes note of an event.
  func observe(_ event: Event)
}

/// An observer that is a closure.
public struct ClosureObserver: Observer {
  private let body: @Sendable (Event) -> Void

  /// Creates an observer that calls `body` for each event.
  public init(_ body: @escaping @Sendable (Event) -> Void) {
    self.body = body
  }

  /// Calls the closure.
  public func observe(_ event: Event) { body(event) }
}

extension Observer {
  /// An observer that passes each event to this one and then to another.
  ///
  /// - Parameter other: The observer that is told second.
  /// - Returns: An observer of both.
  public func and(_ other: some Observer) -> some Observer {
    ClosureObserver { event in
      observe(event)
      other.observe(event)
    }
  }
}
