internal import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Keeps successful responses to GET, and answers with them when the service cannot.
///
/// ```swift
/// let kept = StaleIfError(for: .seconds(600))
/// let page = try await session.data(for: request, through: pipeline, keeping: kept)
/// if page.isStale { print("as of a while ago, since \(page.cause as Any)") }
/// ```
///
/// A kept response is used when the call fails: by an error that is judged a failure, such as a
/// status of 503 or a timeout; by a refusal of a policy, such as an open circuit; and when the device
/// is offline. It is not used when the service has answered, be it with a 404, and not when the caller
/// has cancelled.
///
/// It is a *private* cache for one purpose, and no full one: every call is made, fresh response or
/// not; nothing is confirmed with `ETag`; and it is bounded by what it may hold, the response used
/// longest ago going first.
///
/// ## What is kept
/// Complete successes (200, 203, 204) of GET requests, unless one side says `no-store`, or the service
/// `no-cache` or `Vary: *`. A later answer takes the place of the one before, also where it may not be
/// kept. Responses are kept apart by `Authorization`, `Proxy-Authorization` and `Cookie`, and by what
/// they vary by. What a session adds from its own store of cookies or credentials is not seen: use one
/// per user there.
///
/// ## How old it may be
/// A response that is still fresh by its `max-age` or `Expires` may be used. A stale one may for as long
/// as `stale-if-error` says, of the response or the request, the shorter counting; where neither says
/// anything for the time given here; and never for longer than the bound given here. With
/// `must-revalidate` a stale response is not used, nor with `no-cache` or a shorter `max-age` in the
/// request.
///
/// ## Source
/// [RFC 5861, section 4](https://www.rfc-editor.org/rfc/rfc5861#section-4); [RFC
/// 9111](https://www.rfc-editor.org/rfc/rfc9111), as far as it binds a private cache that does this.
public final class StaleIfError: Sendable {
  /// How it is called in events.
  public let name: String

  /// How many responses are kept at most.
  public let maxEntries: Int

  /// How many bytes they may take together.
  public let maxBytes: Int

  let bounds: StaleBounds
  private let timeline: Timeline
  private let observer: (any Observer)?
  private let store: Guarded<ResponseStore>

  /// Creates a store without responses.
  ///
  /// - Parameters:
  ///   - whenUnsaid: For how long a stale response may be used where neither side says it; zero for
  ///     not at all. Not negative.
  ///   - maxStale: The longest that one may be used, whatever is said. Not negative.
  ///   - maxEntries: How many responses are kept, in 1...1000000.
  ///   - maxBytes: What they may take together, their header fields and a round kilobyte for each
  ///     included; at least 1. What would be larger than this alone is not kept.
  ///   - name: How it is called in events.
  ///   - timeline: The time by which responses age. While a machine sleeps, its system time may stand
  ///     still: see `Timeline.system`.
  ///   - observer: Told of each kept response that is used.
  /// - Precondition: All are in their ranges.
  public init(
    for whenUnsaid: Duration,
    maxStale: Duration = .seconds(86_400),
    maxEntries: Int = 1_000,
    maxBytes: Int = 16 * 1_024 * 1_024,
    name: String = "stale if error",
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    requireValid { () throws(InvalidSetting) in
      try check("stale when unsaid", whenUnsaid, atLeast: .zero)
      try check("max stale", maxStale, atLeast: .zero)
      try check("max entries", maxEntries, in: 1...1_000_000)
      try check("max bytes", maxBytes, atLeast: 1)
    }
    self.name = name
    self.maxEntries = maxEntries
    self.maxBytes = maxBytes
    self.timeline = timeline
    self.observer = observer
    bounds = StaleBounds(whenUnsaid: whenUnsaid, longest: maxStale)
    store = Guarded(ResponseStore(maxEntries: maxEntries, maxBytes: maxBytes))
  }

  /// How many responses are kept now.
  public var count: Int { store.withLock { $0.count } }

  /// What they take together, as far as it is counted.
  public var bytes: Int { store.withLock { $0.bytes } }

  /// Forgets all responses, as when a user signs out.
  public func removeAll() {
    store.withLock { $0.forgetAll() }
  }

  /// The addresses of all responses, the one used last first.
  var addresses: [String] { store.withLock { $0.addresses } }

  /// Makes a call, and answers with what is kept if it fails.
  func answer(
    _ request: URLRequest,
    by session: URLSession,
    _ call: () async throws -> (Data, HTTPURLResponse)
  ) async throws -> KeptResponse<Data> {
    guard let asked = AskedResource(request, by: session) else {
      let (data, response) = try await call()
      invalidate(request, response.statusCode)
      return KeptResponse(value: data, response: response, source: .service)
    }
    let begin = timeline.now
    do {
      let (data, response) = try await call()
      note(data, response, to: asked, since: begin)
      return KeptResponse(value: data, response: response, source: .service)
    } catch {
      guard Self.isFailure(error) else {
        if let status = (error as? HTTPStatusError)?.status { forget(asked, after: status) }
        throw error
      }
      guard let kept = use(asked, because: error) else { throw error }
      return kept
    }
  }

  private func note(
    _ data: Data,
    _ response: HTTPURLResponse,
    to asked: AskedResource,
    since begin: Moment
  ) {
    let arrival = StoredResponse.Arrival(
      asked: begin,
      received: timeline.now,
      date: Int(Date.now.timeIntervalSince1970)
    )
    if let stored = StoredResponse(data, response, to: asked, arrival) {
      store.withLock { $0.keep(stored, for: asked) }
    } else {
      forget(asked, after: response.statusCode)
    }
  }

  /// Forgets what an answer that is not kept has taken the place of.
  private func forget(_ asked: AskedResource, after status: Int) {
    // It confirms what the caller has, and says nothing against what is kept here.
    guard status != 304 else { return }
    store.withLock { $0.forget(asked.key) }
  }

  private func use(_ asked: AskedResource, because error: any Error) -> KeptResponse<Data>? {
    let now = timeline.now
    guard let stored = store.withLock({ $0.find(asked) }),
      let use = stored.use(at: now, by: asked.control, within: bounds)
    else { return nil }
    observer?.observe(Event(policy: name, at: now, kind: .degraded(cause: error)))
    return KeptResponse(
      value: stored.body,
      response: stored.response(aged: use.age),
      source: .kept(age: use.age, staleness: use.staleness, cause: error)
    )
  }

  /// Forgets what a request has changed that was not a safe one, and went well.
  ///
  /// ## Source
  /// [RFC 9111, section 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4).
  private func invalidate(_ request: URLRequest, _ status: Int) {
    let safe = ["GET", "HEAD", "OPTIONS", "TRACE"]
    guard (200...399).contains(status), !safe.contains(request.httpMethod ?? "GET"),
      let address = AskedResource.address(of: request)
    else { return }
    store.withLock { $0.forget(address: address) }
  }

  /// Whether an error means that the service could not answer, or was not asked.
  static func isFailure(_ error: any Error) -> Bool {
    if error is CancellationError || Task.isCancelled { return false }
    if error is any Rejection { return true }
    // The device is offline.
    if let error = error as? URLError, error.retryAdvice == .notProcessed { return true }
    return Classifier.standard.judge(error) == .failure
  }
}
