/// A policy that can be replaced while calls run, such as when a configuration is read again.
///
/// ```swift
/// let payments = Replaceable(AnyPolicy(try pipeline(from: configuration)))
/// let receipt = try await payments.run { try await gateway.charge(order) }
/// // … later
/// try payments.replace { AnyPolicy(try pipeline(from: newConfiguration)) }
/// ```
///
/// A call runs to its end under the policy under which it began. The new policy remembers nothing of
/// the old one: what is to be remembered, such as a ``CircuitBreaker``, is made once and used in
/// both, and given other settings by its own `apply`.
public final class Replaceable<P: Policy>: Policy {
  private let policy: Guarded<P>

  /// Creates one that stands for `policy` until that is replaced.
  public init(_ policy: P) {
    self.policy = Guarded(policy)
  }

  /// The policy under which calls that begin now run.
  public var current: P { policy.withLock { $0 } }

  /// Lets calls that begin from now on run under another policy.
  ///
  /// - Parameter make: Makes the other policy; called once, outside every lock. If it throws,
  ///   nothing changes.
  /// - Throws: What `make` threw.
  public func replace<E: Error>(_ make: () throws(E) -> P) throws(E) {
    let next = try make()
    // The last one to hold the old policy may be this: it must not end under the lock.
    _ = policy.withLock { policy in
      let last = policy
      policy = next
      return last
    }
  }

  /// Runs the operation under the policy of this moment.
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    try await current.run(operation)
  }

  /// Those of the policy of this moment.
  public var mostCalls: Int { current.mostCalls }

  /// Those of the policy of this moment.
  public var stages: [PolicyStage] { current.stages }

  /// Whether the policy of this moment is at rest.
  public var isAtRest: Bool { current.isAtRest }
}
