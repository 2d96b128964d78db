internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What goes with the requests of one call: found out once, written into each attempt.
struct OutgoingContext {
  /// How many attempts of the call others have made: where each is a request of its own, as to several
  /// endpoints.
  @TaskLocal static var attemptsBefore = 0

  private let attemptsBefore = Self.attemptsBefore
  private let propagation: HTTPPropagation
  private let carried: RequestContext?
  private let criticality: Criticality?
  private let requestID: String?

  /// What the current task has been told.
  init(_ propagation: HTTPPropagation) {
    self.propagation = propagation
    carried = RequestContext.carried
    criticality = Criticality.stated
    requestID =
      carried?.requestID
      ?? (propagation.generatesRequestID && propagation.requestIDField != nil
        ? propagation.random.uuid() : nil)
  }

  /// A request with what is to be said, unless it says something itself.
  ///
  /// - Parameters:
  ///   - request: The request; not copied if there is nothing to say.
  ///   - attempt: Number of the attempt, from 1 on.
  /// - Returns: The request to send.
  /// - Throws: ``DeadlinePassed``.
  func said(by request: URLRequest, attempt: Int) throws(DeadlinePassed) -> URLRequest {
    var fields: [(name: String, value: String)] = []
    if let deadline = Deadline.current {
      let remaining = deadline.remaining
      guard let value = DeadlineField.value(of: remaining) else {
        throw DeadlinePassed(late: max(.zero, .zero - remaining))
      }
      if let name = propagation.deadlineField { fields.append((name, value)) }
    }
    if let criticality, let name = propagation.criticalityField {
      fields.append((name, criticality.description))
    }
    if let requestID, let name = propagation.requestIDField { fields.append((name, requestID)) }
    let attempt = attemptsBefore + attempt
    if attempt > 1, let name = propagation.attemptField { fields.append((name, "\(attempt)")) }
    if propagation.passesTraceOn, let trace = carried?.trace,
      request.value(forHTTPHeaderField: TraceContext.parentField) == nil
    {
      fields.append((TraceContext.parentField, trace.parent))
      if let state = trace.state { fields.append((TraceContext.stateField, state)) }
    }
    guard !fields.isEmpty else { return request }
    // All at once: to set one takes Foundation longer than to copy the request. It does not look at the
    // values then; those here are of types that hold no line ends.
    var all = request.allHTTPHeaderFields ?? [:]
    for (name, value) in fields where request.value(forHTTPHeaderField: name) == nil {
      all[name] = value
    }
    var said = request
    said.allHTTPHeaderFields = all
    return said
  }
}
