internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

extension URLRequest {
  /// Whether the request may be carried out twice without harm, as far as it says itself.
  ///
  /// POST, PATCH and CONNECT may not, nor may methods that are not known, unless the request carries
  /// an `Idempotency-Key` by which the service knows it again.
  ///
  /// ## Source
  /// [RFC 9110, section 9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2).
  var isRepeatable: Bool {
    Self.isRepeatable(
      httpMethod ?? "GET",
      key: value(forHTTPHeaderField: IdempotencyKey.headerField)
    )
  }

  /// The same of a request that is not made yet.
  static func isRepeatable(_ method: String, key: String?) -> Bool {
    if let key, !key.isEmpty { return true }
    return ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
  }
}
