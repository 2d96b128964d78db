public import Resilience

/// What a request says about the call it is part of: how long the caller waits, how much it matters,
/// which call and which trace it belongs to.
///
/// A server reads it from a request and sets it for its work; every request that is sent from there
/// carries it on:
///
/// ```swift
/// try await withRequestContext(RequestContext(headers)) {
///   try await users.get("users/\(id)", as: User.self)
/// }
/// ```
///
/// What is malformed counts as not said. Whom a server does not trust may say anything: let the edge
/// remove the fields, or set them.
public struct RequestContext: Hashable, Sendable {
  /// Names the call in the logs of all who take part in it: 1 to 128 visible ASCII characters.
  ///
  /// Any other text becomes `nil`.
  public var requestID: String? {
    didSet { requestID = requestID.flatMap(Self.checked) }
  }

  /// The distributed trace that the request belongs to.
  public var trace: TraceContext?

  /// How much the request matters.
  public var criticality: Criticality?

  /// How long the caller goes on waiting, from now; where it was read from a request, in zero...an hour.
  public var remaining: Duration?

  /// Creates a context.
  public init(
    requestID: String? = nil,
    trace: TraceContext? = nil,
    criticality: Criticality? = nil,
    remaining: Duration? = nil
  ) {
    self.requestID = requestID.flatMap(Self.checked)
    self.trace = trace
    self.criticality = criticality
    self.remaining = remaining
  }

  /// Reads the header fields of a request, as a server does.
  ///
  /// - Parameters:
  ///   - headers: The fields.
  ///   - names: How the fields are called.
  public init(_ headers: HTTPHeaders, names: HTTPPropagation = .standard) {
    self.init(
      requestID: names.requestIDField.flatMap { headers[$0] },
      trace: names.passesTraceOn ? TraceContext(headers) : nil,
      criticality: names.criticalityField.flatMap { Criticality(headerField: headers[$0]) },
      remaining: names.deadlineField.flatMap { DeadlineField(name: $0).remaining(in: headers) }
    )
  }

  /// What the current task has been told: by ``withRequestContext(_:on:_:)``, `withCriticality` and
  /// `withCallDeadline`.
  public static var current: RequestContext {
    var context = carried ?? RequestContext()
    context.criticality = Criticality.stated
    context.remaining = Deadline.current?.remaining
    return context
  }

  /// Request and trace of the current task; the rest has a place of its own.
  @TaskLocal static var carried: RequestContext?

  private static let longestID = 128

  private static func checked(_ id: String) -> String? {
    guard (1...longestID).contains(id.utf8.count),
      id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      return nil
    }
    return id
  }
}

/// Sets what a request has said for everything that the operation does.
///
/// - Parameters:
///   - context: What to set. What it does not say stays as it was set further out; a deadline only
///     ever comes closer.
///   - timeline: The time by which the deadline is measured.
///   - operation: What to do with it. It runs on the caller's isolation.
/// - Returns: What the operation returned.
/// - Throws: What the operation threw.
public func withRequestContext<Value>(
  _ context: RequestContext,
  on timeline: Timeline = .current,
  _ operation: () async throws -> Value
) async rethrows -> Value {
  var carried = RequestContext.carried ?? RequestContext()
  if let id = context.requestID { carried.requestID = id }
  if let trace = context.trace { carried.trace = trace }
  let criticality = context.criticality ?? Criticality.stated
  return try await RequestContext.$carried.withValue(carried) {
    try await Criticality.$stated.withValue(criticality) {
      guard let remaining = context.remaining else { return try await operation() }
      return try await withCallDeadline(in: remaining, on: timeline, operation)
    }
  }
}
