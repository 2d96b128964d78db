/// What holds an endpoint for code that does not know its type.
///
/// The lock, the rules and the roster are compiled once, for this type, and not anew or for none in
/// particular.
@usableFromInline
protocol EndpointSeat: AnyObject, Sendable, CustomStringConvertible {
  func isSame(as other: any EndpointSeat) -> Bool
  func hash(into hasher: inout Hasher)
}

/// A seat of a known type.
@usableFromInline
final class Seat<Endpoint: Hashable & Sendable>: EndpointSeat {
  @usableFromInline let endpoint: Endpoint

  init(_ endpoint: Endpoint) {
    self.endpoint = endpoint
  }

  @usableFromInline var description: String { "\(endpoint)" }

  @usableFromInline
  func isSame(as other: any EndpointSeat) -> Bool { (other as? Self)?.endpoint == endpoint }

  @usableFromInline
  func hash(into hasher: inout Hasher) { endpoint.hash(into: &hasher) }
}

/// An endpoint of any type.
struct SeatedEndpoint: Hashable, Sendable {
  let seat: any EndpointSeat

  static func == (lhs: Self, rhs: Self) -> Bool { lhs.seat.isSame(as: rhs.seat) }

  func hash(into hasher: inout Hasher) { seat.hash(into: &hasher) }
}
