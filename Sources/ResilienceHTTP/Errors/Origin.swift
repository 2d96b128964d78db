internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What an error says about where it comes from.
struct Origin: Hashable, Sendable {
  let url: URL
  let method: String
}

/// A response with its whole body.
struct Answer: Sendable {
  let body: Data
  let response: HTTPURLResponse
  let origin: Origin

  var status: Int { response.statusCode }

  /// The longest excerpt of a body, in bytes.
  static let excerptBytes = 1_024

  /// The beginning of the body as text, bounded.
  var excerpt: String { String(decoding: body.prefix(Self.excerptBytes), as: UTF8.self) }
}

extension URL {
  /// The address without user, password, query and fragment.
  var withoutSecrets: String {
    guard var parts = URLComponents(url: self, resolvingAgainstBaseURL: true) else {
      return scheme ?? ""
    }
    parts.user = nil
    parts.password = nil
    parts.query = nil
    parts.fragment = nil
    return parts.string ?? scheme ?? ""
  }
}
