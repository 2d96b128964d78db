/// Finds the route for a request and runs its handler.
struct Router: Sendable {
  let routes: [Route]

  /// The answer to a request: the handler's, or 404, 405 or 500.
  ///
  /// - Throws: `CancellationError` if the task was cancelled and the handler gave up for it.
  func respond(to request: ServerRequest) async throws(CancellationError) -> ServerResponse {
    guard let (route, parameters) = match(request) else { return refusal(of: request) }
    var request = request
    request.parameters = parameters
    do {
      return try await route.handler(request)
    } catch {
      if Task.isCancelled { throw CancellationError() }
      return .text("The handler failed.\n", status: 500)
    }
  }

  private func match(_ request: ServerRequest) -> (Route, [String: String])? {
    find(request.method, request.path)
      ?? (request.method == .head ? find(.get, request.path) : nil)
  }

  private func find(
    _ method: ServerRequest.Method,
    _ path: String
  ) -> (Route, [String: String])? {
    for route in routes where route.method == method {
      if let parameters = route.path.match(path) { return (route, parameters) }
    }
    return nil
  }

  /// ## Source
  /// [RFC 9110, section 15.5.6](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6).
  private func refusal(of request: ServerRequest) -> ServerResponse {
    var methods = Set(
      routes.filter { $0.path.match(request.path) != nil }.map(\.method.rawValue)
    )
    guard !methods.isEmpty else { return .text("No route has this path.\n", status: 404) }
    if methods.contains("GET") { methods.insert("HEAD") }
    var response = ServerResponse.text("No route has this method here.\n", status: 405)
    response.headers["Allow"] = methods.sorted().joined(separator: ", ")
    return response
  }
}
