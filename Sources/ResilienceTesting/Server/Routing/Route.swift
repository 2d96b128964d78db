/// A method, a path and the handler that answers requests for them.
///
/// The path may have named segments: `/users/{id}` matches `/users/42`, and the handler finds `42`
/// in `request.parameters["id"]`. Of several routes that match, the first one answers.
public struct Route: Sendable {
  /// Answers one request.
  ///
  /// Runs in a task of its own, which is cancelled when the client goes away or the server stops.
  /// An error becomes status 500; what the error says is not sent.
  public typealias Handler = @Sendable (ServerRequest) async throws -> ServerResponse

  let method: ServerRequest.Method
  let path: PathTemplate
  let handler: Handler

  /// Creates a route.
  ///
  /// - Parameters:
  ///   - method: The method to match. A route for `.get` answers `.head` as well.
  ///   - path: The path to match, with `{name}` for a segment that may be anything but empty.
  ///   - handler: Answers the requests that match.
  /// - Precondition: The path begins with `/`, braces surround whole segments, and names differ.
  public init(_ method: ServerRequest.Method, _ path: String, handler: @escaping Handler) {
    self.method = method
    self.path = PathTemplate(path)
    self.handler = handler
  }
}

/// Collects the routes of a server.
@resultBuilder
public enum RouteBuilder {
  /// One route.
  public static func buildExpression(_ route: Route) -> [Route] { [route] }

  /// Routes made elsewhere.
  public static func buildExpression(_ routes: [Route]) -> [Route] { routes }

  /// Routes one after the other.
  public static func buildBlock(_ parts: [Route]...) -> [Route] { parts.flatMap { $0 } }

  /// Routes from a loop.
  public static func buildArray(_ parts: [[Route]]) -> [Route] { parts.flatMap { $0 } }

  /// Routes behind an `if`.
  public static func buildOptional(_ part: [Route]?) -> [Route] { part ?? [] }

  /// Routes of the first branch.
  public static func buildEither(first part: [Route]) -> [Route] { part }

  /// Routes of the second branch.
  public static func buildEither(second part: [Route]) -> [Route] { part }
}
