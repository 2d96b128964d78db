import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

/// A service that needs another one: each order asks the user service, by REST or by RPC.
///
/// It protects others from itself by the policies of its ``UserGateway``, and itself from others by
/// an admission: too many requests get 429, those beyond its places 503, both with `Retry-After`;
/// sheddable ones first; and what a request says of its deadline holds for the calls that it leads
/// to.
final class OrderService: Sendable {
  /// How many requests may come in which time, and how many are served at once.
  struct Bounds: Sendable {
    var requests = 50
    var per = Duration.seconds(1)
    var places = 16
    var queue = 16
    var longest = Duration.seconds(3)
  }

  private let users: UserGateway
  private let admission: HTTPAdmission<AnyPolicy>
  private let lastID = Guarded(1_000)

  init(users: UserGateway, _ bounds: Bounds = Bounds()) {
    self.users = users
    var places = BulkheadSettings()
    places.limit = bounds.places
    places.queue = QueueSettings(limit: bounds.queue, maxWait: .milliseconds(200))
    places.shares = CriticalityShares(sheddable: 0.5, sheddablePlus: 0.7, critical: 0.9)
    let stack = Pipeline("orders") {
      RateLimiter("orders", .tokenBucket(bounds.requests, per: bounds.per))
      Bulkhead(places, name: "orders")
      Timeout(bounds.longest, name: "orders")
    }
    admission = HTTPAdmission("orders", pipeline: AnyPolicy(stack))
  }

  /// Starts a server of this service on the loopback interface.
  func start(port: UInt16 = 0) throws(ListenFailed) -> FaultServer {
    try FaultServer(port: port) {
      Route(.get, "/orders/{id}") { request in
        try await self.admit(request) { try await self.read(request) }
      }
      Route(.post, "/orders") { request in
        try await self.admit(request) { try await self.create(request) }
      }
    }
  }

  private func admit(
    _ request: ServerRequest,
    _ handler: () async throws -> ServerResponse
  ) async throws -> ServerResponse {
    let fields = request.headers.fields.map { (name: $0.name, value: $0.value) }
    let head = HTTPRequestHead(
      method: request.method.rawValue,
      path: request.path,
      headers: HTTPHeaders(fields: fields)
    )
    return try await admission.respond(to: head) {
      do {
        return try await handler()
      } catch let error where !(error is CancellationError) {
        return try Self.answer(to: error)
      }
    } refusing: { refusal in
      try .problem(
        "The order service does not serve this request now.",
        status: refusal.status,
        retryAfterSeconds: refusal.retryAfter
      )
    }
  }

  private func read(_ request: ServerRequest) async throws -> ServerResponse {
    guard let route = route(request) else { return try Self.noRoute }
    guard let id = request.parameters["id"].flatMap(Int.init), id >= 1 else {
      return try .problem("There is no such order.", status: 404)
    }
    let user = try await users.user((id - 1) % UserCall.knownUsers + 1, via: route)
    return try .json(Order(id: id, item: "item \(id)", user: user, via: route))
  }

  private func create(_ request: ServerRequest) async throws -> ServerResponse {
    guard let route = route(request) else { return try Self.noRoute }
    guard let order = try? request.decode(NewOrder.self), (1...200).contains(order.item.count),
      (order.userID == nil) != (order.userName == nil)
    else {
      return try .problem(
        "The body must have an item, and either a userID or a userName.",
        status: 400
      )
    }
    let user: User
    if let name = order.userName {
      user = try await users.add(name, via: route)
    } else {
      user = try await users.user(order.userID ?? 0, via: route)
    }
    let id = lastID.withLock { lastID in
      lastID += 1
      return lastID
    }
    var response = try ServerResponse.json(
      Order(id: id, item: order.item, user: user, via: route),
      status: 201
    )
    response.headers["Location"] = "/orders/\(id)"
    return response
  }

  private func route(_ request: ServerRequest) -> Order.Route? {
    guard let name = request.query["via"] else { return .rest }
    return Order.Route(rawValue: name)
  }

  private static var noRoute: ServerResponse {
    get throws {
      let names = Order.Route.allCases.map(\.rawValue).joined(separator: ", ")
      return try .problem("“via” must be one of \(names).", status: 400)
    }
  }

  /// What a failure of the user service means for whoever asked this one.
  private static func answer(to error: any Error) throws -> ServerResponse {
    switch error {
    case is UserGateway.NoSuchUser:
      return try .problem("There is no such user.", status: 404)
    case is UserGateway.InvalidUser:
      return try .problem("The user service does not take such a user.", status: 400)
    case let rejection as any Rejection:
      let seconds = rejection.retryAfter.map { max(1, Int($0.seconds.rounded(.up))) }
      return try .problem(
        "The user service is not asked now: \(type(of: rejection)).",
        status: 503,
        retryAfterSeconds: seconds ?? 1
      )
    case is TimedOut:
      return try .problem("The user service did not answer in time.", status: 504)
    default:
      return try .problem("The user service failed: \(error)", status: 502)
    }
  }
}
