/// One thing that a client asks of the user service.
enum UserCall: Hashable, Sendable {
  /// Users 1 to this are there from the start.
  static let knownUsers = 100

  /// Reads a user that is there.
  case read(id: Int)

  /// Reads a user that is not; the answer that there is none is a success of the service.
  case readUnknown(id: Int)

  /// Adds a user.
  case create(name: String)

  /// Sends a body that the service must refuse; its refusal is a success of the service.
  case createInvalid

  /// Draws a call: mostly reads, some of them in vain, and some additions.
  init(using random: inout some RandomNumberGenerator) {
    let id = Int.random(in: 1...Self.knownUsers, using: &random)
    switch Int.random(in: 1...100, using: &random) {
    case ...76: self = .read(id: id)
    case ...86: self = .readUnknown(id: 1_000_000 + id)
    case ...96: self = .create(name: "user \(id)")
    default: self = .createInvalid
    }
  }

  /// Whether the reply is the one that a service in good health gives to this call.
  func isAnswered(by reply: UserReply) -> Bool {
    switch (self, reply) {
    case (.read(let id), .user(let user)): user.id == id
    case (.create(let name), .user(let user)): user.name == name
    case (.readUnknown, .noSuchUser), (.createInvalid, .invalid): true
    case (.read, _), (.readUnknown, _), (.create, _), (.createInvalid, _): false
    }
  }
}

/// What the service said.
enum UserReply: Hashable, Sendable {
  case user(User)
  case noSuchUser
  case invalid
}
