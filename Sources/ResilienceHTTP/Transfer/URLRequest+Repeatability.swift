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
    if let key = value(forHTTPHeaderField: "Idempotency-Key"), !key.isEmpty { return true }
    let idempotent = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
    return idempotent.contains(httpMethod ?? "GET")
  }
}
