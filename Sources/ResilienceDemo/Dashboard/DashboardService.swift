import Foundation
internal import Resilience
import ResilienceTesting
import Synchronization

/// Answers what the dashboard's page asks.
final class DashboardService: Sendable {
  /// Pages that are kept up to date at a time; those beyond are told so.
  static let audience = 8

  private let stage: any Stage
  private let tick: Duration
  private let access = DashboardGuard()
  private let press: Press
  private let port = Atomic<UInt16>(0)
  private let watching = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)

  init(_ stage: any Stage, tick: Duration) {
    self.stage = stage
    self.tick = tick
    press = Press(stage, secret: access.secret, age: tick / 2)
  }

  /// Pages that are kept up to date now.
  var viewers: Int { watching.load(ordering: .acquiring) }

  /// Says which port the server got; until then every request is refused.
  func listens(on port: UInt16) {
    self.port.store(port, ordering: .releasing)
  }

  /// Ends all streams of events.
  func end() {
    isOver.store(true, ordering: .releasing)
  }

  /// The routes; each handler keeps the service.
  var routes: [Route] {
    [
      route(.get, "/") { service, _ in await service.page },
      route(.get, DashboardScript.path) { _, _ in .script },
      route(.get, "/events") { service, _ in service.events },
      route(.post, "/faults/{name}") { service, request in
        let name = request.parameters["name"] ?? ""
        guard let done = await service.stage.flip(name) else {
          return .text("There is no such switch, or nothing runs.\n", status: 404)
        }
        return .text(done)
      },
      route(.post, "/heal") { service, _ in .text(await service.stage.heal()) },
      route(.post, "/play") { service, _ in .text(await service.stage.play()) },
    ]
  }

  private func route(
    _ method: ServerRequest.Method,
    _ path: String,
    _ answer: @escaping @Sendable (DashboardService, ServerRequest) async -> ServerResponse
  ) -> Route {
    Route(method, path) { request in
      let port = self.port.load(ordering: .acquiring)
      if let refusal = self.access.refusal(of: request, port: port) { return refusal.guarded }
      return await answer(self, request).guarded
    }
  }

  private var page: ServerResponse {
    get async {
      let page = DashboardPage(scene: await stage.scene(), secret: access.secret)
      return ServerResponse(
        headers: ["Content-Type": "text/html; charset=utf-8"],
        body: Data(page.document.text.utf8)
      )
    }
  }

  /// A stream counts only while it is written, since a client may go away before.
  private var events: ServerResponse {
    .stream(headers: ["Content-Type": "text/event-stream"]) { write in
      let count = self.watching.add(1, ordering: .acquiringAndReleasing).newValue
      defer { self.watching.subtract(1, ordering: .acquiringAndReleasing) }
      if count <= Self.audience {
        try await self.broadcast(write)
      } else {
        try await write(Data(EventText.named("full").utf8))
      }
    }
  }

  /// Sends what has changed, until the end.
  private func broadcast(_ write: ServerBodyStream.Writer) async throws {
    await stage.audienceArrived()
    var programme = Programme()
    while !isOver.load(ordering: .acquiring) {
      let events = try programme.events(for: await press.edition())
      if !events.isEmpty { try await write(Data(events.utf8)) }
      if programme.isOver { return }
      try await Task.sleep(for: tick)
    }
    try await write(Data(EventText.named("end").utf8))
  }
}

extension ServerResponse {
  fileprivate static let script = ServerResponse(
    headers: ["Content-Type": "text/javascript; charset=utf-8"],
    body: Data(DashboardScript.text.utf8)
  )

  /// The response with what keeps other pages from framing, reading or keeping it.
  fileprivate var guarded: ServerResponse {
    var response = self
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response
  }
}
