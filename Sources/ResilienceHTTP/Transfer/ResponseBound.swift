internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What a response may be at most, by its head.
struct ResponseBound: Sendable {
  let origin: Origin
  /// The longest body, in bytes after any decompression.
  let limit: Int

  /// Checks the head of a response.
  ///
  /// - Throws: ``ResponseHeadTooLarge``; ``ResponseTooLarge`` if the body will be too long.
  func check(_ head: URLResponse) throws {
    if let size = (head as? HTTPURLResponse)?.headSize, size > ResponseHeadTooLarge.limit {
      throw ResponseHeadTooLarge(url: origin.url, method: origin.method)
    }
    // What has no body may announce the length of the one that it has not.
    guard origin.method != "HEAD", (head as? HTTPURLResponse)?.statusCode != 304 else { return }
    if head.expectedContentLength > limit { throw tooLarge }
  }

  var tooLarge: ResponseTooLarge {
    ResponseTooLarge(limit: limit, url: origin.url, method: origin.method)
  }
}

extension HTTPURLResponse {
  /// The bytes of the names and values of all header fields.
  fileprivate var headSize: Int {
    allHeaderFields.reduce(0) { size, field in
      size + ((field.key.base as? String)?.utf8.count ?? 0)
        + ((field.value as? String)?.utf8.count ?? 0)
    }
  }
}
