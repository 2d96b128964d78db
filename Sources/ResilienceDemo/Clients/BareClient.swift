import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client as it is often written: URLSession, a timeout, and a look at the status.
struct BareClient: UserClient {
  /// The service answered with a status that no reply is made of.
  struct BadStatus: Error {
    let status: Int
  }

  private let urls: [URL]
  private let turns: RoundRobin
  private let session: URLSession
  private let meter: AttemptMeter

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - urls: The addresses of the replicas, which take turns; at least 1.
  ///   - session: What sends; it is the client's from now on.
  ///   - meter: Counts what is sent.
  init(urls: [URL], session: URLSession, meter: AttemptMeter) {
    self.urls = urls
    self.session = session
    self.meter = meter
    turns = RoundRobin(urls.count)
  }

  func send(_ call: UserCall) async throws -> UserReply {
    let request = try request(for: call)
    // URLSession on Linux may trap when one of its tasks is cancelled as it begins: whoever gives the
    // run up waits for the answer, or for the timeout.
    let (data, response) = try await meter.run { [session] in
      try await Task { try await session.data(for: request) }.value
    }
    switch (response as? HTTPURLResponse)?.statusCode ?? 0 {
    case 200, 201: return .user(try JSONDecoder().decode(User.self, from: data))
    case 404: return .noSuchUser
    case 400: return .invalid
    case let status: throw BadStatus(status: status)
    }
  }

  func close() {
    session.invalidateAndCancel()
  }

  private func request(for call: UserCall) throws -> URLRequest {
    let users = urls[turns.next()].appendingPathComponent("users")
    switch call {
    case .read(let id), .readUnknown(let id):
      return URLRequest(url: users.appendingPathComponent("\(id)"))
    case .create(let name):
      return try post(NewUser(name: name), to: users)
    case .createInvalid:
      return try post(["nickname": "x"], to: users)
    }
  }

  private func post(_ body: some Encodable, to url: URL) throws -> URLRequest {
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.httpBody = try JSONEncoder().encode(body)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    return request
  }
}
