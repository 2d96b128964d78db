import Foundation
internal import Resilience
import ResilienceTesting

/// Switches that break the user service while it runs, to be thrown over HTTP.
///
/// `GET /faults` says which there are and which are on. `POST /faults/{name}` and
/// `DELETE /faults/{name}` throw one; `DELETE /faults` throws all off; `POST /faults` takes a fault as
/// scenario files say it.
final class FaultSwitches: Sendable {
  /// What the switches answer: those that are on, and what each would do.
  struct Panel: Codable, Equatable, Sendable {
    let on: [String]
    let switches: [String: String]
  }

  /// The name of the fault that came as JSON.
  static let custom = "custom"

  /// The scenarios whose fault has a switch: those that fail once, and need no special service.
  static let scenarios = Scenario.all.filter { scenario in
    scenario.service == ServiceTraits() && faults(of: scenario).count == 1
  }

  private let server: FaultServer
  private let desk: ServiceDesk
  private let active = Guarded<[String: ScopedFault]>([:])

  init(server: FaultServer, desk: ServiceDesk) {
    self.server = server
    self.desk = desk
  }

  /// Starts the server of the switches on the loopback interface.
  func start(port: UInt16 = 0) throws(ListenFailed) -> FaultServer {
    try FaultServer(port: port) {
      Route(.get, "/faults") { _ in try .json(self.panel) }
      Route(.post, "/faults") { try self.throwCustom($0) }
      Route(.post, "/faults/{name}") { try self.throwOn($0) }
      Route(.delete, "/faults/{name}") { try self.throwOff($0) }
      Route(.delete, "/faults") { request in
        try self.change(by: request) { $0.removeAll() }
      }
    }
  }

  var panel: Panel {
    let sentences = Self.scenarios.map { ($0.name, $0.summary) }
    return Panel(
      on: active.withLock { $0.keys.sorted() },
      switches: Dictionary(sentences) { $1 }
    )
  }

  private func throwOn(_ request: ServerRequest) throws -> ServerResponse {
    let name = request.parameters["name"] ?? ""
    guard let scenario = Self.scenarios.first(where: { $0.name == name }),
      let fault = Self.faults(of: scenario).first
    else { return try unknown(name) }
    return try change(by: request) { $0[name] = fault }
  }

  private func throwOff(_ request: ServerRequest) throws -> ServerResponse {
    let name = request.parameters["name"] ?? ""
    guard name == Self.custom || Self.scenarios.contains(where: { $0.name == name }) else {
      return try unknown(name)
    }
    return try change(by: request) { $0[name] = nil }
  }

  private func throwCustom(_ request: ServerRequest) throws -> ServerResponse {
    let fault: ScopedFault
    do {
      fault = try ScenarioFile.fault(request.body)
    } catch {
      return try .problem("\(error)", status: 400)
    }
    return try change(by: request) { $0[Self.custom] = fault }
  }

  private func unknown(_ name: String) throws -> ServerResponse {
    let names = Self.scenarios.map(\.name).joined(separator: ", ")
    return try .problem("There is no switch “\(name)”; there are \(names).", status: 404)
  }

  /// Changes what is on, and then the service.
  ///
  /// A page of another site can make a browser send a request here; it says so, and is refused.
  private func change(
    by request: ServerRequest,
    _ change: (inout [String: ScopedFault]) -> Void
  ) throws -> ServerResponse {
    guard request.headers["Origin"] == nil else {
      return try .problem("Switches are not thrown by pages of other sites.", status: 403)
    }
    active.withLock { active in
      change(&active)
      let faults = active.sorted { $0.key < $1.key }.map(\.value)
      server.healAll()
      desk.enter(Scenario.Phase(name: "by hand", weight: 1, faults: faults), replica: 0)
      for scoped in faults {
        if let fault = scoped.serverFault { server.inject(fault, scoped.serverScope) }
      }
    }
    return try .json(panel)
  }

  private static func faults(of scenario: Scenario) -> [ScopedFault] {
    scenario.phases.flatMap(\.faults)
  }
}
