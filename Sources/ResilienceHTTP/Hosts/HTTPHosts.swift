public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

/// Policies for each host, made on first use: the outage of one is no trouble for the others.
///
/// ```swift
/// let hosts = HTTPHosts.standard()
/// let (data, response) = try await session.data(for: request, through: hosts)
/// ```
///
/// A host is an ``Authority``: scheme, host and port. Where one host serves things of different
/// health, name their paths, and each template has policies of its own on each host; the first
/// template that matches counts, and what matches none shares the host's.
///
/// ```swift
/// let hosts = HTTPHosts(routes: ["/search", "/users/{id}"]) { target in
///   Pipeline("\(target)") {
///     CircuitBreaker("\(target)")
///     Bulkhead(limit: 32, name: "\(target)")
///     Timeout(.seconds(3), name: "\(target)")
///   }
/// }
/// ```
///
/// Their number is bounded, whatever addresses requests name. Which are forgotten when there is no
/// room, and which never, says `Keyed`. A redirect is followed under the policies of the host that
/// was asked first.
public struct HTTPHosts<Policies: Policy>: Sendable {
  /// The policies, by what they are for.
  public let policies: Keyed<HTTPTarget, Policies>

  /// The templates, in the order in which they are tried.
  public let routes: [RouteTemplate]

  /// Creates a registry without policies.
  ///
  /// - Parameters:
  ///   - routes: The templates of paths that have policies of their own, at most 1 000; the first
  ///     that matches counts.
  ///   - limit: The most targets with policies at a time, in 1...1000000000.
  ///   - idleAfter: After how long without use a target is forgotten. Positive; `nil` for never.
  ///   - timeline: The time by which targets are idle.
  ///   - make: Makes the policies of a target. Called once per target; those who want the same wait.
  /// - Precondition: All are in their ranges.
  public init(
    routes: [RouteTemplate] = [],
    limit: Int = HTTPHostsDefaults.limit,
    idleAfter: Duration? = HTTPHostsDefaults.idleAfter,
    timeline: Timeline = .system,
    _ make: @escaping @Sendable (_ target: HTTPTarget) -> Policies
  ) {
    precondition(routes.count <= 1_000, "need routes (\(routes.count)) <= 1000")
    self.routes = routes
    policies = Keyed(limit: limit, idleAfter: idleAfter, timeline: timeline, make: make)
  }

  /// What a request is for; `nil` if HTTP cannot carry it.
  public func target(of url: URL) -> HTTPTarget? {
    guard let authority = Authority(url) else { return nil }
    guard !routes.isEmpty else { return HTTPTarget(authority: authority, route: nil) }
    let path = url.path(percentEncoded: true)
    return HTTPTarget(authority: authority, route: routes.first { $0.matches(path) })
  }

  /// The policies of the target that an address belongs to, looked up at each call.
  ///
  /// - Parameter url: An address.
  /// - Returns: A policy that may be kept, such as for an ``HTTPService``.
  /// - Throws: `URLError` if HTTP cannot go there.
  public func policy(for url: URL) throws -> HostPolicy<Policies> {
    guard let target = target(of: url) else {
      let isHTTP = ["http", "https"].contains(url.scheme?.lowercased())
      throw URLError(
        isHTTP ? .badURL : .unsupportedURL,
        userInfo: [NSURLErrorFailingURLErrorKey: url]
      )
    }
    return HostPolicy(target: target, policies: policies)
  }

  /// The policies of the target that a request is for, looked up at each call.
  ///
  /// - Parameter request: A request.
  /// - Returns: A policy that may be kept.
  /// - Throws: `URLError` if HTTP cannot go there.
  public func policy(for request: URLRequest) throws -> HostPolicy<Policies> {
    guard let url = request.url else { throw URLError(.badURL) }
    return try policy(for: url)
  }
}

/// What an ``HTTPHosts`` does unless told otherwise.
public enum HTTPHostsDefaults {
  /// The most targets with policies at a time.
  public static let limit = 1_000

  /// After how long without use a target is forgotten.
  public static let idleAfter = Duration.seconds(600)
}
