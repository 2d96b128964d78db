public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

/// A service that speaks JSON over HTTP, behind a pipeline.
///
/// ```swift
/// let users = HTTPService(
///   baseURL: url,
///   pipeline: Pipeline("users") {
///     Retry(attempts: 3)
///     CircuitBreaker("users")
///     Timeout(.seconds(2))
///   }
/// )
/// let user = try await users.get("users/\(id)", as: User.self)
/// ```
///
/// Every status but 2xx is thrown as an ``HTTPStatusError``; the policies see it, and take a 404 for
/// a success of the service. Decoding is part of the call: it happens under the policies, and its
/// failure is an ``HTTPDecodingError``. What the task has been told of the call, such as its deadline and
/// criticality, goes with every request as ``HTTPPropagation`` says.
///
/// The type names the type of its pipeline, so that the compiler can see through the policies;
/// `HTTPService<AnyPolicy>` is shorter where that matters more.
public struct HTTPService<Policies: Policy>: RESTClient {
  /// The address that all paths are below.
  public let baseURL: URL

  let session: URLSession
  private let policies: Policies
  let headers: HTTPHeaders
  private let encoder: JSONEncoder
  private let decoder: JSONDecoder
  private let maxResponseBytes: Int
  private let maxRetryAfter: Duration
  private let propagation: HTTPPropagation

  /// Creates a client of a service.
  ///
  /// - Parameters:
  ///   - baseURL: The address that all paths are below, with or without a slash at its end. Its
  ///     query goes with every request; its fragment is dropped.
  ///   - session: What the requests are sent by.
  ///   - pipeline: What the requests run through.
  ///   - headers: Header fields of every request, unless a request has others of the same name.
  ///   - encoder: Encodes the bodies of requests. Not to be changed any more.
  ///   - decoder: Decodes the bodies of responses. Not to be changed any more.
  ///   - maxResponseBytes: The longest body to receive, after any decompression.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows.
  ///   - propagation: What goes with each request about the call it is part of.
  /// - Precondition: `maxResponseBytes >= 0`.
  public init(
    baseURL: URL,
    session: URLSession = .shared,
    pipeline: Policies,
    headers: HTTPHeaders = [:],
    encoder: JSONEncoder = JSONEncoder(),
    decoder: JSONDecoder = JSONDecoder(),
    maxResponseBytes: Int = URLSession.defaultMaxResponseBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    propagation: HTTPPropagation = .standard
  ) {
    precondition(maxResponseBytes >= 0, "need maxResponseBytes (\(maxResponseBytes)) >= 0")
    self.baseURL = baseURL
    self.session = session
    self.policies = pipeline
    self.headers = headers
    self.encoder = encoder
    self.decoder = decoder
    self.maxResponseBytes = maxResponseBytes
    self.maxRetryAfter = maxRetryAfter
    self.propagation = propagation
  }

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
  public func send(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    body: HTTPBody? = nil,
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil
  ) async throws -> (Data, HTTPURLResponse) {
    let request = try request(method, path, query: query, headers: headers, body: nil)
    let call = HTTPCall(
      request,
      body: body,
      idempotencyKey: idempotencyKey,
      isRepeatable: isRepeatable,
      propagation: propagation
    )
    return try await run(call) { ($0.body, $0.response) }
  }

  /// Sends a request, and reads the body of the response while it arrives.
  ///
  /// The policies cover the call up to the head of the response, whose status is 2xx; then the
  /// closure reads the body, as for
  /// `URLSession.stream(for:body:through:idempotencyKey:bodyTimeout:maxResponseBytes:maxRetryAfter:isRepeatable:propagation:timeline:_:)`.
  ///
  /// - Parameters:
  ///   - method: The method, such as `GET`.
  ///   - path: The path below the base address.
  ///   - query: The query, in order; an item without a value is its name alone.
  ///   - headers: Further header fields.
  ///   - body: The body of the request; `nil` for none.
  ///   - idempotencyKey: By what the service knows the request again; with one it may be repeated.
  ///   - isRepeatable: Whether the request may be carried out twice without harm. `nil` asks the
  ///     method and the header field `Idempotency-Key`.
  ///   - bodyTimeout: How long the closure may take; `nil` for no limit but the call's deadline.
  ///   - maxResponseBytes: The longest body to receive, after any decompression; not negative.
  ///   - read: Reads the body. It runs on the caller's isolation.
  /// - Returns: What the closure returned.
  /// - Throws: What the closure threw; `TimedOut`; before the closure, what `send` throws.
  public func stream<Value>(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    body: HTTPBody? = nil,
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil,
    bodyTimeout: Duration? = URLSession.defaultBodyTimeout,
    maxResponseBytes: Int = URLSession.defaultMaxStreamedBytes,
    _ read: (HTTPURLResponse, HTTPResponseBody) async throws -> Value
  ) async throws -> Value {
    let request = try request(method, path, query: query, headers: headers, body: nil)
    let streaming = Streaming(
      session: session,
      call: HTTPCall(
        request,
        body: body,
        idempotencyKey: idempotencyKey,
        isRepeatable: isRepeatable,
        propagation: propagation
      ),
      maxResponseBytes: maxResponseBytes,
      bodyTimeout: bodyTimeout,
      timeline: .system
    )
    return try await streaming.run(
      through: policies,
      isFine: { HTTPStatus(code: $0).isSuccessful },
      maxRetryAfter: maxRetryAfter,
      read
    )
  }

  /// Sends a request and decodes the response, as
  /// ``RESTClient/send(_:_:query:headers:body:idempotencyKey:isRepeatable:as:)`` says.
  public func send<Value: Decodable>(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    body: HTTPBody? = nil,
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil,
    as type: Value.Type
  ) async throws -> Value {
    let accepting: HTTPHeaders = ["Accept": "application/json"]
    let request = try request(
      method,
      path,
      query: query,
      headers: accepting.merging(self.headers).merging(headers),
      body: nil
    )
    let call = HTTPCall(
      request,
      body: body,
      idempotencyKey: idempotencyKey,
      isRepeatable: isRepeatable,
      propagation: propagation
    )
    return try await run(call) { answer in
      try decode(type, from: answer)
    }
  }

  /// The body of a request, in the encoder's JSON.
  public func encode(_ value: some Encodable) throws -> Data { try encoder.encode(value) }

  private func run<Value>(
    _ call: HTTPCall,
    _ result: (Answer) throws -> Value
  ) async throws -> Value {
    let channel = session.channel
    return try await call.run(through: policies) { hop in
      let answer = try await channel.answer(to: hop, maxResponseBytes: maxResponseBytes)
      guard HTTPStatus(code: answer.status).isSuccessful else {
        throw HTTPStatusError(answer, maxRetryAfter: maxRetryAfter)
      }
      return try result(answer)
    }
  }

  func request(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem],
    headers: HTTPHeaders,
    body: Data?
  ) throws -> URLRequest {
    var request = URLRequest(url: try baseURL.appending(path, query: query))
    request.httpMethod = method
    request.httpBody = body
    let fields = self.headers.merging(headers)
    for name in fields.names { request.setValue(fields[name], forHTTPHeaderField: name) }
    return request
  }

  func decode<Value: Decodable>(_ type: Value.Type, from answer: Answer) throws -> Value {
    if let contentType = answer.response.value(forHTTPHeaderField: "Content-Type"),
      !contentType.namesJSON
    {
      throw UnexpectedContentType(contentType, answer)
    }
    do {
      return try decoder.decode(type, from: answer.body)
    } catch {
      throw HTTPDecodingError(answer, expected: type, underlying: error)
    }
  }
}

extension String {
  /// Whether a content type is JSON or, by its suffix, a kind of it.
  ///
  /// ## Source
  /// [RFC 6839, section 3.1](https://www.rfc-editor.org/rfc/rfc6839#section-3.1).
  var namesJSON: Bool {
    let type = String(prefix { $0 != ";" }).trimmedBlanks.lowercased()
    return type == "application/json" || type == "text/json" || type.hasSuffix("+json")
  }
}
