public import Resilience

/// What goes with each request about the call it is part of, and how the header fields are called.
///
/// | Field | Sent | Value |
/// | --- | --- | --- |
/// | `X-Request-Deadline` | when the call has a deadline | what is left of it at the attempt, in whole milliseconds |
/// | `X-Request-Criticality` | when one was stated | `critical` and its kin |
/// | `X-Request-ID` | when the context has one, or if it is to be generated | the same on all attempts of a call |
/// | `X-Request-Attempt` | from the second attempt on | its number |
/// | `traceparent`, `tracestate` | when the context has a trace | as W3C says |
///
/// A field that the request has already is left as it is. Nothing of it goes to another origin when
/// a redirect leads there. `nil` for a name leaves the field out.
///
/// The first four are no standard: agree with the services that you call, or leave them out for
/// those that are not yours with ``none``.
public struct HTTPPropagation: Sendable {
  /// The field that says how long the caller goes on waiting, in milliseconds.
  public var deadlineField: String? = "X-Request-Deadline"

  /// The field that says how much the request matters.
  public var criticalityField: String? = Criticality.headerField

  /// The field that names the call.
  public var requestIDField: String? = "X-Request-ID"

  /// The field that counts the attempts of a call; absent from the first one.
  public var attemptField: String? = "X-Request-Attempt"

  /// Whether the trace of the context is passed on.
  public var passesTraceOn = true

  /// Whether a call whose context has no request ID gets one of its own.
  public var generatesRequestID = false

  /// Where generated request IDs come from.
  public var random = RandomSource.system

  /// Creates the settings of the table above.
  public init() {}

  /// The settings of the table above.
  public static let standard = HTTPPropagation()

  /// Nothing is sent.
  public static let none: HTTPPropagation = {
    var propagation = HTTPPropagation()
    propagation.deadlineField = nil
    propagation.criticalityField = nil
    propagation.requestIDField = nil
    propagation.attemptField = nil
    propagation.passesTraceOn = false
    return propagation
  }()
}
