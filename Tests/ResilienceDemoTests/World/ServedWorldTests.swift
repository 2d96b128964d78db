import Foundation
import Resilience
import ResilienceHTTP
import ResilienceRPC
import ResilienceTesting
import Testing

@testable import ResilienceDemo

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Served world")
struct ServedWorldTests {
  private let world: ServedWorld
  private let session = URLSession(configuration: .demo(Limits(duration: .seconds(3_600))))

  init() throws {
    world = try ServedWorld(port: 0, OrderService.Bounds(requests: 1_000), .patient)
  }

  @Test("Users are read and added by REST and by RPC, and are the same users")
  func users() async throws {
    let rpc = RPCClient(baseURL: world.users.url, session: session, pipeline: NoPolicy())
    #expect(
      try await rpc.call(.getUser, GetUserRequest(id: 7)).message == User(id: 7, name: "user 7")
    )
    let ada = try await rpc.call(.createUser, NewUser(name: "Ada")).message
    #expect(ada == User(id: 101, name: "Ada"))
    #expect(try await get(User.self, world.users, "users/101") == ada)
    for (id, code) in [(0, RPCCode.notFound), (5_000, .notFound)] {
      let status = await #expect(throws: RPCStatus.self) {
        try await rpc.call(.getUser, GetUserRequest(id: id))
      }
      #expect(status?.code == code)
    }
    let status = await #expect(throws: RPCStatus.self) {
      try await rpc.call(.createUser, NewUser(name: ""))
    }
    #expect(status?.code == .invalidArgument)
    await close()
  }

  @Test("Orders ask for their users by either way", arguments: Order.Route.allCases)
  func orders(via route: Order.Route) async throws {
    let order = try await get(Order.self, world.orders, "orders/3?via=\(route.rawValue)")
    #expect(order == Order(id: 3, item: "item 3", user: User(id: 3, name: "user 3"), via: route))
    let path = "orders?via=\(route.rawValue)"
    let table: [(body: String, status: Int)] = [
      (#"{"item":"book","userID":5}"#, 201), (#"{"item":"book","userName":"Bob"}"#, 201),
      (#"{"item":"book","userID":5000}"#, 404), (#"{"item":"book"}"#, 400),
      (#"{"item":"","userID":5}"#, 400), (#"{"item":"book","userID":5,"userName":"Bob"}"#, 400),
      ("no JSON", 400),
    ]
    for (body, status) in table {
      #expect(try await send("POST", world.orders, path, body: body).status == status, "\(body)")
    }
    #expect(try await send("GET", world.orders, "orders/3?via=post").status == 400)
    #expect(try await send("GET", world.orders, "orders/0").status == 404)
    let prefix = route == .rest ? "/users" : "/demo.v1.UserService/"
    #expect(world.users.exchanges.map(\.path).filter { $0.hasPrefix(prefix) }.count == 4)
    #expect(world.users.requestCount == 4)
    await close()
  }

  @Test("Switches break the users and mend them again")
  func switches() async throws {
    #expect(try await send("GET", world.users, "users/1").status == 200)
    #expect(try await panel("POST", "faults/outage").on == ["outage"])
    #expect(try await send("GET", world.users, "users/1").status == 503)
    #expect(try await panel("DELETE", "faults/outage").on == [])
    #expect(try await send("GET", world.users, "users/1").status == 200)
    let fault = #"{"kind":"status","status":418}"#
    #expect(try await panel("POST", "faults", body: fault).on == ["custom"])
    #expect(try await send("GET", world.users, "users/1").status == 418)
    #expect(try await panel("POST", "faults/limited").on == ["custom", "limited"])
    #expect(try await panel("DELETE", "faults").on == [])
    #expect(try await send("GET", world.users, "users/1").status == 200)
    await close()
  }

  @Test("The switch of the quota locks out who asks for too much, by either way")
  func quota() async throws {
    _ = try await panel("POST", "faults", body: #"{"kind":"quota","ofCalls":0.01}"#)
    let refused = try await send("GET", world.users, "users/1")
    #expect(refused.status == 429 && refused.retryAfter == "1")
    let rpc = RPCClient(baseURL: world.users.url, session: session, pipeline: NoPolicy())
    let status = await #expect(throws: RPCStatus.self) {
      try await rpc.call(.getUser, GetUserRequest(id: 7))
    }
    #expect(status?.code == .resourceExhausted)
    #expect(status?.retryAdvice == .allowedAfter(.seconds(1)))
    await close()
  }

  @Test("What is no switch, no fault or from a page of another site changes nothing")
  func refusedSwitches() async throws {
    #expect(try await send("POST", world.switches, "faults/fire").status == 404)
    #expect(try await send("DELETE", world.switches, "faults/fire").status == 404)
    for body in ["", "{}", #"{"kind":"fire"}"#, #"{"kind":"slowdown","factor":2}"#] {
      #expect(try await send("POST", world.switches, "faults", body: body).status == 400, "\(body)")
    }
    let stranger = ["Origin": "http://example.org"]
    #expect(
      try await send("POST", world.switches, "faults/outage", headers: stranger).status == 403
    )
    let panel = try await get(FaultSwitches.Panel.self, world.switches, "faults")
    #expect(panel.on == [])
    #expect(
      panel.switches.keys.sorted()
        == ["errors", "hang", "limited", "outage", "refuse", "reset", "slow"]
    )
    await close()
  }

  @Test("When the users fail, orders stop asking, and say when to come again")
  func circuit() async throws {
    _ = try await panel("POST", "faults/outage")
    var answers: [Answer] = []
    while answers.count < 20, world.gateway.breaker?.state != .open {
      answers.append(try await send("GET", world.orders, "orders/1?via=rpc"))
    }
    #expect(answers.first?.status == 502)
    let asked = world.users.requestCount
    let refused = try await send("GET", world.orders, "orders/1")
    #expect(refused.status == 503)
    #expect((1...10).contains(refused.retryAfter.flatMap(Int.init) ?? 0))
    #expect(world.users.requestCount == asked)
    await close()
  }

  @Test("Orders admit so many, and nobody whose time is over")
  func admission() async throws {
    let world = try ServedWorld(
      port: 0,
      OrderService.Bounds(requests: 2, per: .seconds(3_600)),
      .patient
    )
    let late = try await send(
      "GET",
      world.orders,
      "orders/1",
      headers: ["X-Request-Deadline": "0"]
    )
    #expect(late.status == 503)
    #expect(world.users.requestCount == 0)
    var statuses: [Int] = []
    var last: Answer?
    for _ in 0..<3 {
      let answer = try await send("GET", world.orders, "orders/1")
      statuses.append(answer.status)
      last = answer
    }
    #expect(statuses == [200, 200, 429])
    #expect((last?.retryAfter).flatMap(Int.init) ?? 0 >= 1)
    await world.close()
    await close()
  }

  // MARK: Calling

  private struct Answer {
    let status: Int
    let retryAfter: String?
    let body: Data
  }

  private struct NoPolicy: Policy {
    func run<T>(_ operation: () async throws -> T) async throws -> T { try await operation() }
  }

  private func send(
    _ method: String,
    _ server: FaultServer,
    _ path: String,
    body: String? = nil,
    headers: [String: String] = [:]
  ) async throws -> Answer {
    let url = try #require(URL(string: "\(server.url)/\(path)"))
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await session.data(for: request)
    let http = try #require(response as? HTTPURLResponse)
    return Answer(
      status: http.statusCode,
      retryAfter: http.value(forHTTPHeaderField: "Retry-After"),
      body: data
    )
  }

  private func get<Value: Decodable>(
    _ type: Value.Type,
    _ server: FaultServer,
    _ path: String
  ) async throws -> Value {
    try JSONDecoder().decode(type, from: try await send("GET", server, path).body)
  }

  private func panel(
    _ method: String,
    _ path: String,
    body: String? = nil
  ) async throws -> FaultSwitches.Panel {
    let answer = try await send(method, world.switches, path, body: body)
    return try JSONDecoder().decode(FaultSwitches.Panel.self, from: answer.body)
  }

  private func close() async {
    session.finishTasksAndInvalidate()
    await world.close()
  }
}
