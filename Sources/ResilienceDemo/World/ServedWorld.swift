import Foundation
import Resilience
import ResilienceTesting

/// The services alone, for anyone to call: users, orders, and the switches that break the users.
struct ServedWorld: Sendable {
  /// The ports that may be asked for: the three services take it and the next two.
  static let ports: ClosedRange<UInt16> = 0...(.max - 2)

  let users: FaultServer
  let orders: FaultServer
  let switches: FaultServer
  let gateway: UserGateway

  /// Starts the services.
  ///
  /// - Parameters:
  ///   - port: The port of the user service, 0 for any free ones; orders and switches follow.
  ///   - bounds: What the order service takes.
  ///   - limits: By what it calls the users.
  /// - Throws: `ListenFailed` if a port is taken; nothing is left running then.
  init(
    port: UInt16 = 0,
    _ bounds: OrderService.Bounds = OrderService.Bounds(),
    _ limits: Limits = Limits(duration: .seconds(10))
  ) throws {
    let desk = ServiceDesk(ServiceTraits(), rate: 10, timeline: .system)
    let users = try UserService(desk: desk).start(port: port, seed: 1)
    let gateway = UserGateway(url: users.url, limits)
    self.users = users
    self.gateway = gateway
    do {
      orders = try OrderService(users: gateway, bounds).start(port: port == 0 ? 0 : port + 1)
      switches = try FaultSwitches(server: users, desk: desk).start(port: port == 0 ? 0 : port + 2)
    } catch {
      gateway.close()
      throw error
    }
  }

  /// What to call, as text for a terminal.
  var lines: [String] {
    let (users, orders, faults) = ("\(users.url)", "\(orders.url)", "\(switches.url)/faults")
    let names = FaultSwitches.scenarios.map(\.name).joined(separator: ", ")
    return [
      "users     \(users)",
      "  curl \(users)/users/7",
      "  curl -H 'Content-Type: application/json' -d '{\"name\": \"Ada\"}' \(users)/users",
      "  curl -H 'Content-Type: application/json' -d '{\"id\": 7}' \\",
      "    \(users)/demo.v1.UserService/GetUser",
      "orders    \(orders), calls the users by REST or RPC behind the standard policies",
      "  curl '\(orders)/orders/3?via=rpc'",
      "  curl -H 'X-Request-Criticality: sheddable' -H 'X-Request-Deadline: 500' \\",
      "    \(orders)/orders/3",
      "faults    \(faults), which break the users:",
      "          \(names)",
      "  curl \(faults)",
      "  curl -X POST \(faults)/outage",
      "  curl -d '{\"kind\": \"latency\", \"fromMilliseconds\": 300, \"share\": 0.5}' \(faults)",
      "  curl -X DELETE \(faults)",
    ]
  }

  /// Ends everything, and waits until nothing is left of it.
  func close() async {
    gateway.close()
    for server in [orders, switches, users] {
      server.stop()
      await server.stopped()
    }
  }
}
