public import Foundation

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

/// What the calls of REST are made by: an ``HTTPService`` at one address, ``HTTPEndpoints`` at several,
/// or a stand-in of your own in tests.
///
/// Three requirements make all methods, such as ``get(_:query:headers:as:)``.
public protocol RESTClient: Sendable {
  /// Sends a request with a body of any kind, and returns the response as it is.
  ///
  /// - Parameters:
  ///   - method: The method, such as `GET`.
  ///   - path: The path below the base address.
  ///   - query: The query, in order; an item without a value is its name alone.
  ///   - headers: Further header fields.
  ///   - body: The body; `nil` for none.
  ///   - idempotencyKey: By what the service knows the request again; with one it may be repeated.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  /// - Returns: The body and the head of the response, whose status is 2xx.
  /// - Throws: ``HTTPStatusError``, ``InvalidPath``, ``ResponseTooLarge``, `URLError`,
  ///   `CancellationError`, and what the policies throw.
  func send(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem],
    headers: HTTPHeaders,
    body: HTTPBody?,
    idempotencyKey: IdempotencyKey?,
    isRepeatable: Bool?
  ) async throws -> (Data, HTTPURLResponse)

  /// The same, which decodes the response as a part of the call: the policies see what it throws.
  ///
  /// - Returns: The decoded body of the response.
  /// - Throws: Also ``HTTPDecodingError`` and ``UnexpectedContentType``.
  func send<Value: Decodable>(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem],
    headers: HTTPHeaders,
    body: HTTPBody?,
    idempotencyKey: IdempotencyKey?,
    isRepeatable: Bool?,
    as type: Value.Type
  ) async throws -> Value

  /// The body of a request.
  ///
  /// - Throws: What the encoder throws.
  func encode(_ value: some Encodable) throws -> Data
}
