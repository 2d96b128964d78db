internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What has been received of one response, as a value that is never longer than its bound.
struct ResponseCollector: Sendable {
  let origin: Origin
  let limit: Int
  private(set) var response: URLResponse?
  private(set) var body = Data()

  init(origin: Origin, limit: Int) {
    self.origin = origin
    self.limit = limit
  }

  /// Takes the head of a response, and forgets an earlier one, such as a challenge for credentials.
  ///
  /// - Throws: ``ResponseTooLarge`` if the body will be too long.
  mutating func begin(_ head: URLResponse) throws(ResponseTooLarge) {
    response = head
    body = Data()
    // What has no body may announce the length of the one that it has not.
    guard origin.method != "HEAD", (head as? HTTPURLResponse)?.statusCode != 304 else { return }
    if head.expectedContentLength > limit { throw tooLarge }
  }

  /// Takes a further piece of the body.
  ///
  /// - Throws: ``ResponseTooLarge`` if the body is too long with it.
  mutating func append(_ piece: Data) throws(ResponseTooLarge) {
    guard piece.count <= limit - body.count else {
      body = Data()
      throw tooLarge
    }
    body.append(piece)
  }

  /// The whole response.
  ///
  /// - Throws: ``NotHTTP``, or the error of a response without a head.
  func finish() throws -> Answer {
    guard let response else { throw URLError(.badServerResponse) }
    guard let response = response as? HTTPURLResponse else { throw NotHTTP(url: origin.url) }
    return Answer(body: body, response: response, origin: origin)
  }

  private var tooLarge: ResponseTooLarge {
    ResponseTooLarge(limit: limit, url: origin.url, method: origin.method)
  }
}
