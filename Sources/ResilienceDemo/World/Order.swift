/// An order, with the user whose it is.
struct Order: Codable, Hashable, Sendable {
  let id: Int
  let item: String
  let user: User

  /// How the user service was asked.
  let via: Route

  /// The ways to the user service.
  enum Route: String, CaseIterable, Codable, Sendable {
    case rest, rpc
  }
}

/// What it takes to order: an item, and a user who is there or is to be added.
struct NewOrder: Codable, Hashable, Sendable {
  let item: String
  var userID: Int?
  var userName: String?
}
