/// What requests have policies of their own for: a host, or one part of what it serves.
public struct HTTPTarget: Hashable, Sendable, CustomStringConvertible {
  /// Who answers.
  public let authority: Authority

  /// The part of it; `nil` for what no template matches.
  public let route: RouteTemplate?

  /// The host, and the template if there is one, such as `https://example.com/users/{id}`.
  public var description: String { "\(authority)\(route?.description ?? "")" }
}
