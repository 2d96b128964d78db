/// What becomes of a ``ModelledService``'s work when its caller is cancelled.
public enum AbandonedWork: String, Hashable, Sendable, CaseIterable {
  /// The caller returns at once, and the service stops working: its place is free.
  case stops

  /// The caller returns at once, but the service does not notice and works on, in vain.
  ///
  /// This is how most servers are, and what keeps a system down after an overload.
  case goesOn = "goes on"

  /// The caller is deaf to its own cancellation and waits until the work is done.
  case isWaitedFor = "is waited for"
}
