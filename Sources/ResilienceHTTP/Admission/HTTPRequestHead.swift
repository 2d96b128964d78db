/// A request as the server sees it before it reads the body: enough to decide whether to serve it.
public struct HTTPRequestHead: Hashable, Sendable {
  /// The method, such as `GET`.
  public var method: String

  /// The path, with or without its query.
  public var path: String

  /// The header fields.
  public var headers: HTTPHeaders

  /// Creates a head.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - path: The path.
  ///   - headers: The header fields; from those of your server by `HTTPHeaders(fields:)`.
  public init(method: String, path: String, headers: HTTPHeaders = [:]) {
    self.method = method
    self.path = path
    self.headers = headers
  }
}
