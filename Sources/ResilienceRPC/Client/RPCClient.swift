public import Foundation
public import Resilience
internal import ResilienceHTTP

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

/// A client of services that speak Connect or gRPC-Web, behind a pipeline.
///
/// ```swift
/// let users = RPCClient(
///   baseURL: url,
///   pipeline: Pipeline("users") {
///     Retry(attempts: 3)
///     CircuitBreaker("users")
///     Timeout(.seconds(2))
///   }
/// )
/// let user = try await users.call(.getUser, GetUserRequest(id: 7)).message
/// ```
///
/// Policies understand the codes by the table of ``RPCCodedError``, and a call is not repeated unless
/// its method says that it may be (``RPCIdempotency``) or the service has not acted on it. What is
/// left of the task's deadline goes with each attempt, and a cancelled call cancels its transfer. What
/// the task has of them goes with every request in header fields: a criticality that was stated
/// (`X-Request-Criticality`), the ID of the request (`X-Request-ID`) and the trace (`traceparent` and
/// `tracestate`).
///
/// The deadline is not only sent: when it has come, an attempt that is under way ends with
/// ``RPCCode/deadlineExceeded``, whether the server heeds it or not.
///
/// Messages are not compressed by the protocols; of a unary call of Connect HTTP may compress the
/// response, which `URLSession` undoes.
///
/// The type names the type of its pipeline, so that the compiler can see through the policies;
/// `RPCClient<AnyPolicy>` is shorter where that matters more.
public struct RPCClient<Policies: Policy>: Sendable {
  /// The address that all methods are below.
  public let baseURL: URL

  let session: URLSession
  let policies: Policies
  let wire: any WireProtocol
  let format: RPCFormat
  let metadata: RPCMetadata
  let limits: RPCLimits
  let serviceConfig: ServiceConfig?
  let usesGET: Bool
  let timeline: Timeline

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - baseURL: The address that all methods are below, with or without a slash at its end; its
  ///     query and fragment are dropped.
  ///   - wire: The protocol to speak.
  ///   - format: The format of the messages.
  ///   - session: What the requests are sent by.
  ///   - pipeline: What the calls run through.
  ///   - serviceConfig: What the owner of the service says about its methods; it stands around the
  ///     pipeline, whose policies see each attempt.
  ///   - metadata: What goes with every call, unless a call has other values of the same name.
  ///   - limits: The bounds of messages.
  ///   - usesGET: Whether methods without side effects are asked for with GET, where the protocol is
  ///     Connect: what is between may then cache the response. The message stands in the address,
  ///     which is often written to logs.
  ///   - timeline: The time by which deadlines and the limits of streams are measured.
  /// - Precondition: No limit is negative, and those of one message are less than 2³².
  public init(
    baseURL: URL,
    speaking wire: RPCProtocol = .connect,
    format: RPCFormat = .json,
    session: URLSession = .shared,
    pipeline: Policies,
    serviceConfig: ServiceConfig? = nil,
    metadata: RPCMetadata = [:],
    limits: RPCLimits = RPCLimits(),
    usesGET: Bool = false,
    timeline: Timeline = .system
  ) {
    limits.check()
    self.baseURL = baseURL
    self.session = session
    policies = pipeline
    self.wire = wire.wire
    self.format = format
    self.metadata = metadata
    self.limits = limits
    self.serviceConfig = serviceConfig
    self.usesGET = usesGET
    self.timeline = timeline
  }

  /// Makes a call with one message each way.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - request: The message to send.
  ///   - metadata: What goes with the call.
  /// - Returns: The message that came back, and the metadata around it.
  /// - Throws: ``RPCStatus``; `CancellationError` when the task is cancelled; what the policies
  ///   throw.
  public func call<Request, Response>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    metadata: RPCMetadata = [:]
  ) async throws -> RPCReply<Response> {
    let attempt = try attempt(method, request, metadata, isStream: false)
    return try await run(method.name, method.idempotency) { number in
      try await attempt.unary(number)
    }
  }

  /// Makes a call that answers with a stream of messages.
  ///
  /// ```swift
  /// try await users.stream(.watchUsers, WatchRequest()) { users in
  ///   for try await user in users { show(user) }
  /// }
  /// ```
  ///
  /// The policies cover the call until its first message has arrived, or its end: until then it may be
  /// repeated, and is judged. Then the closure is called, once, and the messages are the caller's:
  /// what goes wrong moves no breaker and is not repeated, since the closure may have acted on what
  /// came. When the closure returns or throws, or the task is cancelled, the transfer ends.
  ///
  /// The deadline of the task, and the timeout that a service configuration has for the method, are
  /// those of the whole stream: the server is told of them, and at the earlier one the stream ends with
  /// ``RPCCode/deadlineExceeded``. A timeout of the pipeline ends with the first message, and the server
  /// is not told of it.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - request: The message to send.
  ///   - metadata: What goes with the call.
  ///   - limit: How long the closure may take; `nil` for no limit but the deadline.
  ///   - read: Reads the messages. It runs on the caller's isolation.
  /// - Returns: What the closure returned.
  /// - Throws: ``RPCStatus``, before the closure or from the stream; `CancellationError` when the task
  ///   is cancelled; `TimedOut`; what the policies or the closure throw.
  public func stream<Request, Response, Value>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    metadata: RPCMetadata = [:],
    within limit: Duration? = RPCLimits.defaultStreamTime,
    _ read: (RPCStream<Response>) async throws -> Value
  ) async throws -> Value {
    let attempt = try attempt(method, request, metadata, isStream: true)
    func wholeStream() async throws -> Value {
      let deadline = Deadline.current
      let source = try await run(method.name, method.idempotency) { number in
        try await attempt.open(number, by: deadline)
      }
      defer { source.close() }
      return try await attempt.limit.run {
        let stream = RPCStream(source: source)
        guard let limit else { return try await read(stream) }
        return try await Timeout(limit, name: "\(method.name)", timeline: timeline).run {
          try await read(stream)
        }
      }
    }
    guard let serviceConfig else { return try await wholeStream() }
    return try await serviceConfig.plan(for: method.name).withinTimeout(wholeStream)
  }

  /// Prepares what every attempt of a call sends.
  func attempt<Request, Response>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    _ metadata: RPCMetadata,
    isStream: Bool
  ) throws -> RPCAttempt<Response> {
    let limits = serviceConfig?.plan(for: method.name).tightening(self.limits) ?? self.limits
    let message: Data
    do {
      message = try request.rpcBytes(format: format)
    } catch {
      throw RPCStatus(.notEncodable(error), method: "\(method.name)")
    }
    guard message.count <= limits.requestBytes else {
      throw RPCStatus(
        .requestTooLarge(bytes: message.count, limit: limits.requestBytes),
        method: "\(method.name)"
      )
    }
    return RPCAttempt(
      method: method.name,
      idempotency: method.idempotency,
      message: message,
      metadata: self.metadata.merging(metadata),
      format: format,
      limits: limits,
      wire: wire,
      session: session,
      baseURL: baseURL,
      isStream: isStream,
      usesGET: usesGET,
      limit: CallDeadline(of: method.name, on: timeline)
    )
  }

  /// Runs the attempts of a call through the service's configuration and the pipeline.
  func run<Value: Sendable>(
    _ method: RPCMethodName,
    _ idempotency: RPCIdempotency,
    _ operation: @escaping @Sendable (_ attempt: Int) async throws -> Value
  ) async throws -> Value {
    @Sendable func throughPolicies(_ number: Int) async throws -> Value {
      var next = number
      return try await CallTraits.$isRepeatable.withValue(idempotency.isRepeatable) {
        try await policies.run {
          defer { next += 1 }
          return try await operation(next)
        }
      }
    }
    guard let serviceConfig else { return try await throughPolicies(1) }
    let plan = serviceConfig.plan(for: method)
    do {
      return try await plan.run(throughPolicies)
    } catch let error as TimedOut where error.policy == plan.name {
      // Its timeout is a deadline of the call, and not a policy of the caller.
      throw RPCStatus.transport(error, method: "\(method)")
    }
  }
}
