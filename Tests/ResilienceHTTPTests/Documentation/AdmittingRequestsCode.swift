import Resilience
import ResilienceHTTP

// The code of the article on admitting requests, compiled against stand-ins of a server. Never run.

private struct Field {
  let name: String
  let value: String
}

private struct Request {
  let method: String
  let path: String
  let headers: [Field]
}

private struct Response {
  init(_ status: Int, _ headers: HTTPHeaders) {}
}

private protocol RouterMiddleware {
  func handle(_ request: Request, next: (Request) async throws -> Response) async throws -> Response
}

private func handle(_ request: Request) async throws -> Response { Response(200, [:]) }

private func articleAdmission(request: Request, headers: HTTPHeaders) async throws -> Response {
  let admission = HTTPAdmission.standard("api")

  let head = HTTPRequestHead(method: "GET", path: "/users/1", headers: headers)
  switch try await admission.admit(head, { try await handle(request) }) {
  case .served(let response): return response
  case .refused(let refusal): return Response(refusal.status, refusal.headers)
  }
}

private struct Admitting: RouterMiddleware {
  let admission = HTTPAdmission.standard("api")

  func handle(_ request: Request, next: (Request) async throws -> Response) async throws -> Response
  {
    let fields = request.headers.map { (name: $0.name, value: $0.value) }
    let head = HTTPRequestHead(
      method: request.method,
      path: request.path,
      headers: HTTPHeaders(fields: fields)
    )
    return try await admission.respond(to: head) {
      try await next(request)
    } refusing: { refusal in
      Response(refusal.status, refusal.headers)
    }
  }
}

private func articleSettings() {
  var settings = HTTPAdmissionSettings()
  settings.highestClaim = .critical
  settings.classify = { head, _ in head.path == "/health" ? .criticalPlus : nil }
  settings.fairnessKey = { head in head.headers["X-Tenant"] }
  var places = BulkheadSettings()
  places.limit = 200
  places.queue = QueueSettings(limit: 100, maxWait: .milliseconds(200))
  places.shares = CriticalityShares(sheddable: 0.5, sheddablePlus: 0.7, critical: 0.9)
  let guarded = HTTPAdmission(
    "api",
    settings,
    pipeline: Pipeline("api") {
      RateLimiter("api", .tokenBucket(1_000, per: .seconds(1)))
      Bulkhead(places, name: "api")
      Timeout(.seconds(10))
    }
  )
  _ = guarded
}
