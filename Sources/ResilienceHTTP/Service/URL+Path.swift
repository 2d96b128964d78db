internal import Foundation

extension URL {
  /// This address with a path and a query added to its own.
  ///
  /// - Throws: ``InvalidPath``; `URLError` if the address cannot have a path.
  func appending(_ path: HTTPPath, query: [URLQueryItem]) throws -> URL {
    let path = try path.checked()
    guard var parts = URLComponents(url: self, resolvingAgainstBaseURL: true) else {
      throw URLError(.badURL)
    }
    let base = parts.percentEncodedPath
    parts.percentEncodedPath = base.hasSuffix("/") ? base + path : base + "/" + path
    let items = query.map { item in
      let name = item.name.percentEncoded(keeping: PathCharacter.isUnreserved)
      guard let value = item.value else { return name }
      return name + "=" + value.percentEncoded(keeping: PathCharacter.isUnreserved)
    }
    let all = [parts.percentEncodedQuery].compactMap { $0 } + items
    parts.percentEncodedQuery = all.isEmpty ? nil : all.joined(separator: "&")
    parts.fragment = nil
    guard let url = parts.url else { throw URLError(.badURL) }
    return url
  }
}
