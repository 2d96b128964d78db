private import Synchronization

/// Turns chaos policies on and off, in a running process; off until it is turned on.
public final class ChaosSwitch: Sendable {
  private let state = Atomic<Bool>(false)

  /// Creates a switch that is off.
  public init() {}

  /// Whether chaos may happen.
  public var isOn: Bool { state.load(ordering: .relaxed) }

  /// Lets chaos happen from now on.
  public func turnOn() { state.store(true, ordering: .relaxed) }

  /// Lets no more chaos happen.
  public func turnOff() { state.store(false, ordering: .relaxed) }
}
