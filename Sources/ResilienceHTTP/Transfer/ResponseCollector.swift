internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What has been received of one response, as a value that is never longer than its bound.
struct ResponseCollector: Sendable {
  private let bound: ResponseBound
  private(set) var response: URLResponse?
  private(set) var body = Data()

  init(origin: Origin, limit: Int) {
    bound = ResponseBound(origin: origin, limit: limit)
  }

  /// Takes the head of a response, and forgets an earlier one, such as a challenge for credentials.
  ///
  /// - Throws: ``ResponseHeadTooLarge``; ``ResponseTooLarge`` if the body will be too long.
  mutating func begin(_ head: URLResponse) throws {
    body = Data()
    try bound.check(head)
    response = head
  }

  /// Takes a further piece of the body.
  ///
  /// - Throws: ``ResponseTooLarge`` if the body is too long with it.
  mutating func append(_ piece: Data) throws(ResponseTooLarge) {
    guard piece.count <= bound.limit - body.count else {
      body = Data()
      throw bound.tooLarge
    }
    body.append(piece)
  }

  /// The whole response.
  ///
  /// - Throws: ``NotHTTP``, or the error of a response without a head.
  func finish() throws -> Answer {
    guard let response else { throw URLError(.badServerResponse) }
    guard let response = response as? HTTPURLResponse else { throw NotHTTP(url: bound.origin.url) }
    return Answer(body: body, response: response, origin: bound.origin)
  }
}
