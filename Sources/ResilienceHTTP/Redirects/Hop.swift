internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One request on the way of a call: the first one, or one that a redirect led to.
struct Hop: Sendable {
  /// The most redirects that are followed, as many as `URLSession` follows by itself.
  static let mostRedirects = 20

  /// What a redirect leads to.
  enum Redirect: Sendable {
    case follow(Hop)
    /// The redirect is the answer.
    case stay
    case refuse(URLError)
  }

  var request: URLRequest
  var body: HTTPBody?
  /// Number of redirects that led here.
  let redirects: Int

  init(_ request: URLRequest, body: HTTPBody? = nil, redirects: Int = 0) {
    self.request = request
    self.body = body
    self.redirects = redirects
  }

  /// Whether the body is read from a stream while it is sent.
  var streamsBody: Bool {
    switch body?.source {
    case nil: request.httpBodyStream != nil
    case .data, .file: false
    case .streams, .once: true
    }
  }

  /// This hop with another request, as a delegate wants it.
  func with(_ request: URLRequest) -> Hop {
    var hop = self
    hop.request = request
    return hop
  }

  /// Where the request goes to.
  ///
  /// - Throws: `URLError` if HTTP cannot go there.
  func origin() throws(URLError) -> Origin {
    guard let url = request.url else { throw URLError(.badURL) }
    guard url.isHTTP else {
      throw URLError(.unsupportedURL, userInfo: [NSURLErrorFailingURLErrorKey: url])
    }
    guard let host = url.host, !host.isEmpty else {
      throw URLError(.badURL, userInfo: [NSURLErrorFailingURLErrorKey: url])
    }
    return Origin(url: url, method: request.httpMethod ?? "GET")
  }
}

extension Hop {
  /// Header fields that say nothing about who asks, and so may go to another host.
  private static let harmlessFields: Set<String> = [
    "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control",
    "content-encoding", "content-language", "content-type", "range", "user-agent",
  ]

  /// Header fields of a body.
  private static let bodyFields: Set<String> = [
    "content-encoding", "content-language", "content-length", "content-location", "content-type",
    "transfer-encoding",
  ]

  /// Whether a body can be sent once more.
  private var canResend: Bool {
    request.httpBodyStream == nil && body?.isReplayable ?? true
  }

  /// Decides about a redirect.
  ///
  /// A 303 turns everything but HEAD into a GET without a body, a 301 or 302 a POST; anything else
  /// is sent as it was, with its body. At another origin, another scheme, host or port, that is, only
  /// the header fields arrive that say nothing about who asks. The way from HTTPS to HTTP is not
  /// taken, nor one that is not HTTP, nor one that would need a body again that can be sent once
  /// only: the redirect itself is the answer then.
  ///
  /// ## Source
  /// [RFC 9110, section 15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4); for what another
  /// origin must not see, Fetch, [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch).
  ///
  /// - Parameters:
  ///   - status: The status of the response.
  ///   - target: Where its `Location` leads.
  /// - Returns: What is to be done.
  func redirect(_ status: Int, to target: URL?) -> Redirect {
    guard let target, target.isHTTP, target.host?.isEmpty == false, let url = request.url else {
      return .stay
    }
    guard url.scheme?.lowercased() != "https" || target.scheme?.lowercased() == "https" else {
      return .stay
    }
    guard redirects < Self.mostRedirects else {
      return .refuse(
        URLError(.httpTooManyRedirects, userInfo: [NSURLErrorFailingURLErrorKey: target])
      )
    }
    var next = Hop(request, body: body, redirects: redirects + 1)
    next.request.url = target
    let method = request.httpMethod ?? "GET"
    if status == 303 && method != "HEAD" || (301...302).contains(status) && method == "POST" {
      next.request.httpMethod = "GET"
      next.removeBody()
    } else if !canResend {
      return .stay
    }
    if !url.isSameOrigin(as: target) { next.keepFields(Self.harmlessFields.contains) }
    return .follow(next)
  }

  private mutating func removeBody() {
    body = nil
    request.httpBodyStream = nil
    request.httpBody = nil
    keepFields { !Self.bodyFields.contains($0) }
  }

  private mutating func keepFields(_ isKept: (String) -> Bool) {
    for name in request.allHTTPHeaderFields?.keys.map({ $0 }) ?? []
    where !isKept(name.lowercased()) {
      request.setValue(nil, forHTTPHeaderField: name)
    }
  }
}

extension URL {
  fileprivate var isHTTP: Bool { ["http", "https"].contains(scheme?.lowercased()) }

  /// Whether both have the same scheme, host and port.
  ///
  /// ## Source
  /// [RFC 6454, section 5](https://www.rfc-editor.org/rfc/rfc6454#section-5).
  func isSameOrigin(as other: URL) -> Bool {
    scheme?.lowercased() == other.scheme?.lowercased()
      && host?.lowercased() == other.host?.lowercased()
      && effectivePort == other.effectivePort
  }

  private var effectivePort: Int? { port ?? (scheme?.lowercased() == "https" ? 443 : 80) }
}
