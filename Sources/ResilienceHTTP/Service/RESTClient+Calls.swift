public import Foundation

/// The methods of REST. Each throws what ``send(_:_:query:headers:body:idempotencyKey:isRepeatable:)``
/// throws; those that decode also ``HTTPDecodingError`` and ``UnexpectedContentType``, and those
/// that encode the encoder's `EncodingError`, before anything is sent.
extension RESTClient {
  /// Reads a resource.
  public func get<Value: Decodable>(
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    as type: Value.Type = Value.self
  ) async throws -> Value {
    try await send(
      "GET",
      path,
      query: query,
      headers: headers,
      body: nil,
      idempotencyKey: nil,
      isRepeatable: nil,
      as: type
    )
  }

  /// Hands something over; not repeated unless the service has not acted on it.
  ///
  /// - Parameters:
  ///   - path: The path below the base address.
  ///   - body: What to send, as JSON.
  ///   - query: The query, in order.
  ///   - headers: Further header fields; with `Idempotency-Key` the request may be repeated.
  ///   - idempotencyKey: By what the service knows the request again; with one it may be repeated.
  ///   - isRepeatable: Whether the request may be carried out twice; `nil` asks the headers.
  ///   - type: What to decode.
  /// - Returns: The decoded response.
  /// - Throws: As said above.
  public func post<Value: Decodable>(
    _ path: HTTPPath,
    body: some Encodable,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil,
    as type: Value.Type
  ) async throws -> Value {
    try await send("POST", path, query, headers, body, idempotencyKey, isRepeatable, as: type)
  }

  /// Hands something over and expects no answer; not repeated unless the service has not acted on it.
  public func post(
    _ path: HTTPPath,
    body: some Encodable,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil
  ) async throws {
    try await send("POST", path, query, headers, body, idempotencyKey, isRepeatable)
  }

  /// Replaces a resource.
  public func put<Value: Decodable>(
    _ path: HTTPPath,
    body: some Encodable,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    as type: Value.Type
  ) async throws -> Value {
    try await send("PUT", path, query, headers, body, nil, nil, as: type)
  }

  /// Replaces a resource and expects no answer.
  public func put(
    _ path: HTTPPath,
    body: some Encodable,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:]
  ) async throws {
    try await send("PUT", path, query, headers, body, nil, nil)
  }

  /// Changes a resource in part; not repeated unless the service has not acted on it.
  ///
  /// - Parameters:
  ///   - path: The path below the base address.
  ///   - body: What to send, as JSON.
  ///   - query: The query, in order.
  ///   - headers: Further header fields; with `Idempotency-Key` the request may be repeated.
  ///   - idempotencyKey: By what the service knows the request again; with one it may be repeated.
  ///   - isRepeatable: Whether the request may be carried out twice; `nil` asks the headers.
  ///   - type: What to decode.
  /// - Returns: The decoded response.
  /// - Throws: As said above.
  public func patch<Value: Decodable>(
    _ path: HTTPPath,
    body: some Encodable,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil,
    as type: Value.Type
  ) async throws -> Value {
    try await send("PATCH", path, query, headers, body, idempotencyKey, isRepeatable, as: type)
  }

  /// Changes a resource in part and expects no answer.
  public func patch(
    _ path: HTTPPath,
    body: some Encodable,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil
  ) async throws {
    try await send("PATCH", path, query, headers, body, idempotencyKey, isRepeatable)
  }

  /// Removes a resource.
  public func delete<Value: Decodable>(
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    as type: Value.Type
  ) async throws -> Value {
    try await send(
      "DELETE",
      path,
      query: query,
      headers: headers,
      body: nil,
      idempotencyKey: nil,
      isRepeatable: nil,
      as: type
    )
  }

  /// Removes a resource and expects no answer.
  public func delete(
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:]
  ) async throws {
    _ = try await send(
      "DELETE",
      path,
      query: query,
      headers: headers,
      body: nil,
      idempotencyKey: nil,
      isRepeatable: nil
    )
  }

  private func send<Value: Decodable>(
    _ method: String,
    _ path: HTTPPath,
    _ query: [URLQueryItem],
    _ headers: HTTPHeaders,
    _ body: some Encodable,
    _ idempotencyKey: IdempotencyKey?,
    _ isRepeatable: Bool?,
    as type: Value.Type
  ) async throws -> Value {
    try await send(
      method,
      path,
      query: query,
      headers: json.merging(headers),
      body: .data(try encode(body)),
      idempotencyKey: idempotencyKey,
      isRepeatable: isRepeatable,
      as: type
    )
  }

  private func send(
    _ method: String,
    _ path: HTTPPath,
    _ query: [URLQueryItem],
    _ headers: HTTPHeaders,
    _ body: some Encodable,
    _ idempotencyKey: IdempotencyKey?,
    _ isRepeatable: Bool?
  ) async throws {
    _ = try await send(
      method,
      path,
      query: query,
      headers: json.merging(headers),
      body: .data(try encode(body)),
      idempotencyKey: idempotencyKey,
      isRepeatable: isRepeatable
    )
  }

  private var json: HTTPHeaders { ["Content-Type": "application/json"] }
}
