public import Foundation
public import Resilience

#if canImport(FoundationNetworking)
  public import FoundationNetworking
#endif

extension HTTPEndpoints where Policies == Pipeline<AnyPolicy>, EachPolicies == Timeout {
  /// A client of several servers that is safe to begin with.
  ///
  /// From outside to inside: the whole call within 10 s; up to 3 attempts, with exponential back-off
  /// from 100 ms up to 2 s and a budget of a fifth; a circuit breaker with the default settings; at
  /// most 64 calls at once, and 128 that wait for up to a second; the choice of a server; each attempt
  /// within 3 s.
  ///
  /// - Parameters:
  ///   - name: The name of the endpoints and the policies.
  ///   - baseURLs: The addresses that all paths are below, at most 1 000.
  ///   - settings: How calls are shared, and when a server is left out. Must be valid.
  ///   - session: What the requests are sent by.
  ///   - headers: Header fields of every request, unless a request has others of the same name.
  ///   - timeline: The time of all policies.
  ///   - random: Where their chance comes from.
  ///   - observer: Told of what they do.
  /// - Returns: A client with policies of its own; make it once for one service.
  public static func standard(
    _ name: String,
    _ baseURLs: some Sequence<URL>,
    _ settings: EndpointSettings = EndpointSettings(),
    session: URLSession = .shared,
    headers: HTTPHeaders = [:],
    timeline: Timeline = .system,
    random: RandomSource = .system,
    observer: (any Observer)? = nil
  ) -> HTTPEndpoints {
    let parts = PresetParts(name, timeline, random, observer)
    let stack = Pipeline(name) {
      parts.standardWholeCall
      parts.standardRetry
      parts.standardBreaker
      parts.standardBulkhead
    }
    return HTTPEndpoints(
      name,
      baseURLs,
      settings,
      session: session,
      pipeline: Pipeline(name) { AnyPolicy(stack) },
      each: parts.standardAttempt,
      headers: headers,
      timeline: timeline,
      random: random,
      observer: observer
    )
  }
}
