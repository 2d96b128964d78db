/// A user, as the service answers and stores it.
struct User: Codable, Hashable, Sendable {
  let id: Int
  let name: String
}

/// What it takes to add a user.
struct NewUser: Codable, Hashable, Sendable {
  let name: String
}

/// What is wrong with a request.
///
/// ## Source
/// [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), *Problem Details for HTTP APIs*.
struct Problem: Codable, Hashable, Sendable {
  let title: String
  let status: Int
}
