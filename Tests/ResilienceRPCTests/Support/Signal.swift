import Resilience

/// Something that happens once and can be waited for.
final class Signal: Sendable {
  private let parked = Parked<Void>()

  func raise() { parked.resume(with: ()) }

  /// Waits until it has happened; one task may.
  func wait() async { await parked.wait() }
}
