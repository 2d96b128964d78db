/// A way to break the service by hand.
struct FaultSwitch: Equatable, Sendable {
  /// Stands in the address of its button: letters, digits and hyphens.
  let name: String
  /// What it does, in a few words.
  let title: String
  let isOn: Bool
}
