import Foundation
import Resilience
import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client whose calls run through policies.
struct PolicyClient: UserClient {
  private let session: URLSession
  private let users: HTTPService<AnyPolicy>
  /// Whether additions are repeated, too; `nil` leaves it to the method, which forbids it.
  private let repeatsAdditions: Bool?

  init(url: URL, limits: Limits, policy: AnyPolicy, repeatsAdditions: Bool? = nil) {
    session = URLSession(configuration: .demo(limits))
    users = HTTPService(baseURL: url, session: session, pipeline: policy)
    self.repeatsAdditions = repeatsAdditions
  }

  func send(_ call: UserCall) async throws -> UserReply {
    do {
      switch call {
      case .read(let id), .readUnknown(let id):
        return .user(try await users.get("users/\(id)", as: User.self))
      case .create(let name):
        return .user(try await add(NewUser(name: name)))
      case .createInvalid:
        return .user(try await add(["nickname": "x"]))
      }
    } catch let error as HTTPStatusError where error.status == 404 {
      return .noSuchUser
    } catch let error as HTTPStatusError where error.status == 400 {
      return .invalid
    }
  }

  func close() {
    session.invalidateAndCancel()
  }

  private func add(_ body: some Encodable) async throws -> User {
    try await users.post("users", body: body, isRepeatable: repeatsAdditions, as: User.self)
  }
}
