public import Resilience

/// A pipeline around the handlers of a server: it decides which requests are served, and turns
/// refusals into answers.
///
/// ```swift
/// let admission = HTTPAdmission.standard("api")
///
/// let head = HTTPRequestHead(method: "GET", path: "/users/1", headers: headers)
/// switch try await admission.admit(head, { try await handle(request) }) {
/// case .served(let response): return response
/// case .refused(let refusal): return Response(refusal.status, refusal.headers)
/// }
/// ```
///
/// It knows no server: give it the head of the request, and send what it returns. What the request
/// says of its criticality and its deadline holds for everything that the handler does, calls to other
/// services included, and the policies of the pipeline respect both: those who matter less are turned
/// away first, and nobody waits for longer than its caller does. A request whose deadline has passed,
/// be it while it waited for a place, is not begun.
///
/// An error of the handler comes out as it is, also one that is a refusal, such as the open circuit
/// of a service further in: whether this is a 503 of yours is for your server to say. Only what the
/// pipeline itself throws becomes an ``HTTPRefusal``.
///
/// Put a timeout into the pipeline: a deadline alone cancels nothing. Do not put a retry into it: the
/// client repeats.
public struct HTTPAdmission<Policies: Policy>: Sendable {
  /// The name of the admission, in refusals.
  public let name: String

  /// How it behaves.
  public let settings: HTTPAdmissionSettings

  private let policies: Policies
  private let timeline: Timeline
  private let random: RandomSource

  /// Creates an admission.
  ///
  /// - Parameters:
  ///   - name: How it is called in refusals.
  ///   - settings: How it behaves. Must be valid.
  ///   - pipeline: What the handlers run through; made once and shared.
  ///   - timeline: The time by which deadlines are measured.
  ///   - random: Spreads `Retry-After`.
  public init(
    _ name: String,
    _ settings: HTTPAdmissionSettings = HTTPAdmissionSettings(),
    pipeline: Policies,
    timeline: Timeline = .current,
    random: RandomSource = .system
  ) {
    requireValid(settings.validate)
    self.name = name
    self.settings = settings
    policies = pipeline
    self.timeline = timeline
    self.random = random
  }

  /// Serves a request, or says with what it is to be refused.
  ///
  /// - Parameters:
  ///   - head: What is known of the request.
  ///   - handler: Serves it; runs at most once unless a policy repeats, on the caller's isolation.
  /// - Returns: The handler's response, or a refusal.
  /// - Throws: What the handler threw; `CancellationError` if the task was cancelled while it waited.
  public func admit<Response>(
    _ head: HTTPRequestHead,
    _ handler: () async throws -> Response
  ) async throws -> HTTPAdmitted<Response> {
    var course = HandlerCourse()
    do {
      let response = try await stating(head) {
        try await policies.run {
          try refuseIfLate()
          course.begin()
          do {
            return try await handler()
          } catch {
            course.fail(error)
            throw error
          }
        }
      }
      return .served(response)
    } catch {
      guard !course.isOwn(error), let refusal = refusal(error, hasBegun: course.hasBegun) else {
        throw error
      }
      return .refused(refusal)
    }
  }

  /// Serves a request, or answers it with a refusal of your server's making.
  ///
  /// - Parameters:
  ///   - head: What is known of the request.
  ///   - handler: Serves it.
  ///   - refusing: Makes a response of a refusal.
  /// - Returns: A response.
  /// - Throws: As ``admit(_:_:)``.
  public func respond<Response>(
    to head: HTTPRequestHead,
    _ handler: () async throws -> Response,
    refusing: (HTTPRefusal) throws -> Response
  ) async throws -> Response {
    switch try await admit(head, handler) {
    case .served(let response): response
    case .refused(let refusal): try refusing(refusal)
    }
  }

  /// Runs what a request leads to with what its head says.
  private func stating<T>(
    _ head: HTTPRequestHead,
    _ operation: () async throws -> T
  ) async throws -> T {
    let key = settings.fairnessKey(head)
    let remaining = settings.deadline?.remaining(in: head.headers)
    return try await withCriticality(criticality(of: head)) {
      func inTime() async throws -> T {
        guard let remaining else { return try await operation() }
        return try await withCallDeadline(in: remaining, on: timeline) {
          try refuseIfLate()
          return try await operation()
        }
      }
      guard let key else { return try await inTime() }
      return try await withFairnessKey(key) { try await inTime() }
    }
  }

  /// The class of a request.
  func criticality(of head: HTTPRequestHead) -> Criticality {
    let claim = Criticality(head.headers)
    return settings.classify(head, claim)
      ?? claim.map { min($0, settings.highestClaim) }
      ?? settings.criticality
  }

  private func refuseIfLate() throws {
    guard let deadline = Deadline.current else { return }
    let remaining = deadline.remaining
    guard remaining <= .zero else { return }
    throw DeadlinePassed(policy: name, late: .zero - remaining)
  }

  /// What to answer to an error of the pipeline; `nil` if it is no refusal.
  private func refusal(_ error: any Error, hasBegun: Bool) -> HTTPRefusal? {
    let status: Int
    var pause = settings.retryAfter.map { Duration.seconds($0) }
    switch error {
    case is DeadlinePassed:
      status = settings.lateStatus
      pause = nil
    case is TimedOut:
      status = settings.lateStatus
    case let rejection as any Rejection:
      status = rejection is RateLimited ? 429 : 503
      pause = rejection.retryAfter ?? pause
    default:
      return nil
    }
    return HTTPRefusal(
      status: status,
      retryAfter: pause.map(retryAfter),
      hasBegun: hasBegun,
      cause: error
    )
  }

  /// A pause in whole seconds: rounded up, so that nobody comes too early, and spread.
  private func retryAfter(_ pause: Duration) -> Int {
    let (whole, attoseconds) = pause.components
    // A day is as good as any longer time, and what comes earlier is refused again.
    let seconds = min(86_400, max(1, attoseconds > 0 && whole < .max ? whole + 1 : whole))
    guard settings.retrySpread > 0 else { return Int(seconds) }
    return Int(seconds) + Int(random.unit() * Double(settings.retrySpread + 1))
  }
}

extension HTTPAdmission: PolicyLayer {
  /// The policies of the pipeline.
  public var stages: [PolicyStage] { policies.stages }
}
