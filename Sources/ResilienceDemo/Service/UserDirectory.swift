internal import Resilience

/// The users that a service knows, whichever way it is asked.
final class UserDirectory: Sendable {
  /// How many users it takes; the oldest that were added leave then.
  static let most = 10_000

  private struct State {
    var users: [Int: User] = [:]
    var lastID = 0

    mutating func add(_ name: String) -> User {
      lastID += 1
      let user = User(id: lastID, name: name)
      users[user.id] = user
      let oldest = lastID - UserDirectory.most
      if oldest > UserCall.knownUsers { users[oldest] = nil }
      return user
    }
  }

  private let state: Guarded<State>

  /// Creates a directory of the users 1 to `UserCall.knownUsers`.
  init() {
    var state = State()
    for number in 1...UserCall.knownUsers { _ = state.add("user \(number)") }
    self.state = Guarded(state)
  }

  /// A user; `nil` if there is none of that number.
  func user(_ id: Int) -> User? { state.withLock { $0.users[id] } }

  /// Adds a user.
  ///
  /// - Parameter name: What it is called.
  /// - Returns: The user; `nil` if the name is empty or has more than 200 characters.
  func add(_ name: String) -> User? {
    guard (1...200).contains(name.count) else { return nil }
    return state.withLock { $0.add(name) }
  }
}
