/// An attempt on one of several ``Endpoints``, to be settled when it has ended.
///
/// For calls that do not fit into a closure. It cannot be copied, so it is settled at most once;
/// dropping it without settling means that the attempt says nothing.
///
/// ```swift
/// let permit = try replicas.acquire()
/// do {
///   try await send(message, to: permit.endpoint)
///   permit.settle(as: .success)
/// } catch {
///   permit.settle(judging: error)
///   throw error
/// }
/// ```
public struct EndpointPermit<Endpoint: Hashable & Sendable>: ~Copyable, Sendable {
  /// Where the call is to go.
  public let endpoint: Endpoint

  private let core: EndpointsCore
  private var attempt: EndpointsCore.Attempt?

  init(_ endpoint: Endpoint, _ attempt: EndpointsCore.Attempt, of core: EndpointsCore) {
    self.endpoint = endpoint
    self.attempt = attempt
    self.core = core
  }

  deinit {
    if let attempt { core.settle(attempt, as: .ignored) }
  }

  /// Gives the permit back with the outcome of the attempt.
  ///
  /// - Parameter verdict: What it says about the endpoint.
  public consuming func settle(as verdict: Verdict) {
    if let attempt { core.settle(attempt, as: verdict) }
    attempt = nil
  }

  /// Gives the permit back with the verdict of the endpoints' classifier on the error.
  ///
  /// - Parameter error: What the attempt threw.
  public consuming func settle(judging error: any Error) {
    settle(as: core.classifier.judge(error))
  }

  /// Lets the next attempt of the same call go elsewhere, where it can.
  ///
  /// - Parameter tried: What the call has tried in vain, to be given to
  ///   ``Endpoints/acquire(avoiding:)``.
  public borrowing func note(in tried: inout EndpointsTried) {
    if let attempt { tried.note(attempt) }
  }
}
