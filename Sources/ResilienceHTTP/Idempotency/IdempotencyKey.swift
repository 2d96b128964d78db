public import Resilience

#if canImport(FoundationNetworking)
  internal import Foundation
  internal import FoundationNetworking
#else
  internal import Foundation
#endif

/// By what a service knows a request again that is sent twice: the header field `Idempotency-Key`.
///
/// A call that has one may be repeated, whatever its method. All attempts of a call carry the same key;
/// two calls never do, unless the key was given.
///
/// ```swift
/// try await orders.post("orders", body: order, idempotencyKey: .generated)
/// ```
///
/// ## Source
/// [draft-ietf-httpapi-idempotency-key-header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/);
/// the value is sent without the quotation marks of that draft, as the services do that are in use.
public struct IdempotencyKey: Sendable {
  /// The name of the header field.
  public static let headerField = "Idempotency-Key"

  private enum Source: Sendable {
    case given(String)
    case generated(RandomSource)
  }

  private let source: Source

  /// A key that is drawn for each call.
  public static let generated = IdempotencyKey(source: .generated(.system))

  /// A key that is drawn for each call from a source.
  public static func generated(by random: RandomSource) -> IdempotencyKey {
    IdempotencyKey(source: .generated(random))
  }

  /// A key that the caller knows the operation by, such as the number of an order.
  ///
  /// - Parameter key: The key.
  /// - Returns: The key.
  /// - Precondition: 1 to 255 visible ASCII characters.
  public static func given(_ key: String) -> IdempotencyKey {
    precondition(
      (1...255).contains(key.utf8.count) && key.utf8.allSatisfy { (0x21...0x7E).contains($0) },
      "need a key (\(key)) of 1 to 255 visible ASCII characters"
    )
    return IdempotencyKey(source: .given(key))
  }

  /// The key of one call.
  func value() -> String {
    switch source {
    case .given(let key): key
    case .generated(let random): random.uuid()
    }
  }
}

extension URLRequest {
  /// This request with a key, if there is one.
  func keyed(_ key: IdempotencyKey?) -> URLRequest {
    guard let key else { return self }
    var request = self
    request.setValue(key.value(), forHTTPHeaderField: IdempotencyKey.headerField)
    return request
  }
}

extension HTTPHeaders {
  /// These fields with a key, if there is one: the same for all requests that are sent with them.
  func keyed(_ key: IdempotencyKey?) -> HTTPHeaders {
    guard let key else { return self }
    var headers = self
    headers[IdempotencyKey.headerField] = key.value()
    return headers
  }
}
