public import Resilience

/// How a server admits requests.
public struct HTTPAdmissionSettings: Sendable {
  /// Where a request says how much time its caller has left; `nil` when it is not asked.
  public var deadline: DeadlineField? = DeadlineField()

  /// The class of a request that says nothing of its own.
  public var criticality = Criticality.critical

  /// The highest class that a request may claim; one that claims more is of this class.
  ///
  /// Whoever may say anything says critical plus: lower it where requests come from outside.
  public var highestClaim = Criticality.criticalPlus

  /// The class of a request, by its head and what it claims; `nil` leaves it to the claim.
  ///
  /// Such as `{ head, _ in head.path == "/health" ? .criticalPlus : nil }`.
  public var classify: @Sendable (_ head: HTTPRequestHead, _ claim: Criticality?) -> Criticality? =
    {
      _,
      _ in nil
    }

  /// Whom a request is for, where waiting requests take turns; `nil` for all that are nobody's.
  ///
  /// Such as `{ $0.headers["X-Tenant"] }`; see `withFairnessKey(_:_:)`.
  public var fairnessKey: @Sendable (_ head: HTTPRequestHead) -> String? = { _ in nil }

  /// After how many whole seconds a refused client may come again, where the policy that refused
  /// does not say it; in 1...3600, or `nil` to say nothing.
  public var retryAfter: Int? = 1

  /// How many seconds may be added at random to what `Retry-After` says, in 0...3600, so that not
  /// all who were refused together come again together.
  public var retrySpread = 2

  /// The status of a request that came too late, or took too long: 503 or 504.
  ///
  /// By default 503 Service Unavailable: the server cannot handle the request in the time there is,
  /// and may later. 504 Gateway Timeout says that a server *further in* did not answer in time, which
  /// only a gateway can say; set it where yours is one. 408 Request Timeout would be wrong: it says
  /// that the client was slow to send.
  ///
  /// ## Source
  /// [RFC 9110, sections 15.5.9, 15.6.4 and
  /// 15.6.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4).
  public var lateStatus = 503

  /// Creates the default settings.
  public init() {}

  /// Checks the settings.
  ///
  /// - Throws: `InvalidSetting` that names the first wrong value and what is allowed.
  public func validate() throws(InvalidSetting) {
    if let retryAfter { try check("retry after", retryAfter, in: 1...3_600) }
    try check("retry spread", retrySpread, in: 0...3_600)
    try check("late status", lateStatus, in: 503...504)
  }
}
