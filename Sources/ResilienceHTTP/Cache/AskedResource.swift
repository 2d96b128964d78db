internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What a request asks for, and as whom: what a kept response has to agree with.
struct AskedResource: Sendable {
  /// An address, asked by someone.
  struct Key: Hashable, Sendable {
    let address: String
    /// What says who asks, one element per field of ``identifying``: it is never mixed.
    let identity: [String?]
  }

  /// Fields that say who asks; responses to different values of them are kept apart.
  private static let identifying = ["Authorization", "Proxy-Authorization", "Cookie"]

  let key: Key
  let fields: HTTPHeaders
  let control: CacheControl

  /// What a request asks for; `nil` if its response can be neither kept nor replaced by a kept one,
  /// since it is no GET, or asks for a part only.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - session: What sends it, and adds header fields to it.
  init?(_ request: URLRequest, by session: URLSession) {
    guard (request.httpMethod ?? "GET") == "GET", let address = Self.address(of: request) else {
      return nil
    }
    var fields = HTTPHeaders()
    for (name, value) in session.configuration.httpAdditionalHeaders ?? [:] {
      fields["\(name)"] = "\(value)"
    }
    for (name, value) in request.allHTTPHeaderFields ?? [:] { fields[name] = value }
    guard fields["Range"] == nil else { return nil }
    self.fields = fields
    control = CacheControl(fields["Cache-Control"])
    key = Key(address: address, identity: Self.identifying.map { fields[$0] })
  }

  /// The address of a request in one form; `nil` if HTTP cannot go there.
  static func address(of request: URLRequest) -> String? {
    guard let url = request.url, let authority = Authority(url) else { return nil }
    let path = url.path(percentEncoded: true)
    let query = url.query(percentEncoded: true).map { "?\($0)" } ?? ""
    return "\(authority)\(path.isEmpty ? "/" : path)\(query)"
  }
}
