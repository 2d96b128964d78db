import Foundation

/// Something the demo says of the clients, checked against what was measured.
struct Claim: Codable, Equatable, Sendable {
  /// Which claim it is, as scenario files call it.
  let name: ClaimName

  let claim: String
  let measured: String
  let holds: Bool
}

extension Double {
  /// The number with the given count of digits behind the point.
  func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
