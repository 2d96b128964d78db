public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

/// A service that several servers answer for: each attempt goes to one of them.
///
/// ```swift
/// let users = HTTPEndpoints(
///   "users",
///   [first, second, third],
///   pipeline: Pipeline("users") {
///     Timeout(.seconds(5))
///     Retry(attempts: 3)
///     CircuitBreaker("users")
///   },
///   each: Timeout(.seconds(1))
/// )
/// let user = try await users.get("users/\(id)", as: User.self)
/// ```
///
/// It is an ``HTTPService`` for several base addresses. The pipeline stands around the choice, so that
/// a retry goes elsewhere; what is given as `each` stands around each attempt, after the choice: a
/// timeout belongs there, since one that struck outside of the choice would say nothing about the
/// server. Which servers are left out, for how long, and how they return, says `Endpoints`; what a
/// status or an error says about a server, the tables of ``HTTPStatusError`` and of `URLError` do.
public struct HTTPEndpoints<Policies: Policy, EachPolicies: Policy>: RESTClient {
  /// The base addresses, and what is known of them; add and remove some at any time.
  public let endpoints: Endpoints<URL>

  private let policies: Policies
  private let each: EachPolicies
  private let makeService: @Sendable (URL) -> HTTPService<EachPolicies>
  private let headers: HTTPHeaders
  private let encoder: JSONEncoder

  /// Creates a client of a service.
  ///
  /// - Parameters:
  ///   - name: How the endpoints are called, in refusals and events.
  ///   - baseURLs: The addresses that all paths are below, at most 1 000.
  ///   - settings: How calls are shared, and when a server is left out. Must be valid.
  ///   - session: What the requests are sent by.
  ///   - pipeline: What stands around the choice of a server, such as a retry.
  ///   - each: What stands around each attempt, such as a timeout.
  ///   - headers: Header fields of every request, unless a request has others of the same name.
  ///   - encoder: Encodes the bodies of requests. Not to be changed any more.
  ///   - decoder: Decodes the bodies of responses. Not to be changed any more.
  ///   - maxResponseBytes: The longest body to receive, after any decompression.
  ///   - maxRetryAfter: The longest `Retry-After` that a retry follows.
  ///   - timeline: The time by which servers are left out.
  ///   - random: What servers are drawn from.
  ///   - observer: Told when a server is left out or returns.
  /// - Precondition: `maxResponseBytes >= 0`.
  public init(
    _ name: String,
    _ baseURLs: some Sequence<URL>,
    _ settings: EndpointSettings = EndpointSettings(),
    session: URLSession = .shared,
    pipeline: Policies,
    each: EachPolicies,
    headers: HTTPHeaders = [:],
    encoder: JSONEncoder = JSONEncoder(),
    decoder: JSONDecoder = JSONDecoder(),
    maxResponseBytes: Int = URLSession.defaultMaxResponseBytes,
    maxRetryAfter: Duration = HTTPStatusError.defaultMaxRetryAfter,
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) {
    precondition(maxResponseBytes >= 0, "need maxResponseBytes (\(maxResponseBytes)) >= 0")
    self.init(
      Endpoints(
        name,
        baseURLs,
        settings,
        timeline: timeline,
        random: random,
        observer: observer
      ),
      pipeline: pipeline,
      each: each,
      headers: headers,
      encoder: encoder
    ) { url in
      HTTPService(
        baseURL: url,
        session: session,
        pipeline: each,
        headers: headers,
        encoder: encoder,
        decoder: decoder,
        maxResponseBytes: maxResponseBytes,
        maxRetryAfter: maxRetryAfter
      )
    }
  }

  private init(
    _ endpoints: Endpoints<URL>,
    pipeline: Policies,
    each: EachPolicies,
    headers: HTTPHeaders,
    encoder: JSONEncoder,
    _ makeService: @escaping @Sendable (URL) -> HTTPService<EachPolicies>
  ) {
    self.endpoints = endpoints
    policies = pipeline
    self.each = each
    self.headers = headers
    self.encoder = encoder
    self.makeService = makeService
  }

  /// Makes a call by a service at a server of each attempt's choice.
  ///
  /// - Parameters:
  ///   - isRepeatable: Whether the whole may be carried out twice without harm: a retry asks it. What
  ///     a server has not acted on is repeated anyway.
  ///   - call: Makes requests, by the service that it is given only.
  /// - Returns: What the call returned.
  /// - Throws: What the call threw last, and what the policies throw; `NoEndpoint`.
  public func run<Value>(
    isRepeatable: Bool,
    _ call: (HTTPService<EachPolicies>) async throws -> Value
  ) async throws -> Value {
    func attempts() async throws -> Value {
      var before = 0
      return try await endpoints.run(through: policies) { url in
        defer { before += 1 }
        return try await OutgoingContext.$attemptsBefore.withValue(before) {
          try await call(makeService(url))
        }
      }
    }
    // What stands further out knows better: it must not be taken back.
    if isRepeatable { return try await attempts() }
    return try await CallTraits.$isRepeatable.withValue(false) { try await attempts() }
  }

  /// Sends a request with a body of any kind, and returns the response as it is.
  ///
  /// The idempotency key is the same whichever server the request comes to. A body that can be sent
  /// once only is sent to one server, whatever the policies want.
  ///
  /// - Throws: As ``RESTClient/send(_:_:query:headers:body:idempotencyKey:isRepeatable:)``; `NoEndpoint`.
  public func send(
    _ method: String,
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    body: HTTPBody? = nil,
    idempotencyKey: IdempotencyKey? = nil,
    isRepeatable: Bool? = nil
  ) async throws -> (Data, HTTPURLResponse) {
    let headers = headers.keyed(idempotencyKey)
    return try await run(method, headers, body, isRepeatable) { service in
      try await service.send(
        method,
        path,
        query: query,
        headers: headers,
        body: body,
        isRepeatable: isRepeatable
      )
    }
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
    let headers = headers.keyed(idempotencyKey)
    return try await run(method, headers, body, isRepeatable) { service in
      try await service.send(
        method,
        path,
        query: query,
        headers: headers,
        body: body,
        isRepeatable: isRepeatable,
        as: type
      )
    }
  }

  private func run<Value>(
    _ method: String,
    _ headers: HTTPHeaders,
    _ body: HTTPBody?,
    _ isRepeatable: Bool?,
    _ call: (HTTPService<EachPolicies>) async throws -> Value
  ) async throws -> Value {
    guard body?.isReplayable ?? true else {
      let once = OnlyOnce()
      return try await CallTraits.$isOneShot.withValue(true) {
        try await run(isRepeatable: false) { service in
          try await once.run { try await call(service) }
        }
      }
    }
    return try await run(isRepeatable: isRepeatable ?? self.isRepeatable(method, headers), call)
  }

  /// The body of a request; made before a server is chosen, which it says nothing about.
  public func encode(_ value: some Encodable) throws -> Data { try encoder.encode(value) }

  /// Whether a request may be carried out twice, as far as it says itself: see
  /// `URLRequest.isRepeatable`.
  func isRepeatable(_ method: String, _ headers: HTTPHeaders) -> Bool {
    let key = self.headers.merging(headers)[IdempotencyKey.headerField]
    return URLRequest.isRepeatable(method, key: key)
  }
}

extension HTTPEndpoints: PolicyLayer {
  /// The policies around the choice, the choice, and those around each attempt.
  public var stages: [PolicyStage] { policies.stages + endpoints.stages + each.stages }
}
