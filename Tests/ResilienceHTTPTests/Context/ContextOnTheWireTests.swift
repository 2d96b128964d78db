import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("The request context on the wire")
struct ContextOnTheWireTests {
  private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  private let server: FaultServer
  private let session = URLSession.fresh()

  init() throws {
    server = try .sample()
  }

  /// What the server has read in a field, one element per request, oldest first.
  private func seen(_ field: String) -> [String?] { server.exchanges.map { $0.headers[field] } }

  private func call(
    through policy: some Policy = NoPolicy(),
    propagation: HTTPPropagation = .standard
  ) async throws {
    _ = try await session.data(
      for: server.request("notes/1"),
      through: policy,
      propagation: propagation
    )
  }

  @Test("Without a context nothing is added")
  func nothing() async throws {
    try await call()
    let ours = ["X-Request-Deadline", "X-Request-ID", "X-Request-Attempt", "traceparent"]
    for field in ours { #expect(seen(field) == [nil]) }
  }

  @Test("Each attempt carries what is left of the deadline when it begins")
  func deadline() async throws {
    let clock = ManualClock()
    server.inject(.status(503), .next(2))
    let retry = Retry(attempts: 3, backoff: .none) { _ in
      clock.advance(by: .microseconds(300_500))
    }
    try await withCallDeadline(in: .seconds(1), on: Timeline(clock)) {
      try await call(through: retry)
    }
    #expect(seen("X-Request-Deadline") == ["1000", "699", "399"])
  }

  @Test("A request whose deadline has passed is not sent, and no breaker counts it")
  func passed() async throws {
    let clock = ManualClock()
    let breaker = CircuitBreaker("x", trip: .consecutiveFailures(1))
    await #expect(throws: DeadlinePassed.self) {
      try await withCallDeadline(in: .milliseconds(5), on: Timeline(clock)) {
        clock.advance(by: .microseconds(4_500))
        try await call(through: breaker)
      }
    }
    #expect(server.requestCount == 0)
    #expect(breaker.state == .closed)
  }

  @Test(
    "Request ID and trace are the same on all attempts; the attempts are counted from the second"
  )
  func retries() async throws {
    server.inject(.status(503), .next(2))
    let context = RequestContext(
      requestID: "r1",
      trace: TraceContext(parent: Self.parent, state: "v=1")
    )
    try await withRequestContext(context) { try await call(through: threeAttempts()) }
    #expect(seen("X-Request-ID") == ["r1", "r1", "r1"])
    #expect(seen("traceparent") == [Self.parent, Self.parent, Self.parent])
    #expect(seen("tracestate") == ["v=1", "v=1", "v=1"])
    #expect(seen("X-Request-Attempt") == [nil, "2", "3"])
  }

  @Test("A generated request ID is one for the call, and another for the next call")
  func generated() async throws {
    server.inject(.status(503), .next(1))
    var propagation = HTTPPropagation()
    propagation.generatesRequestID = true
    propagation.random = RandomSource(SplitMix64(seed: 1))
    try await call(through: threeAttempts(), propagation: propagation)
    try await call(propagation: propagation)
    let ids = seen("X-Request-ID")
    #expect(ids[0] != nil && ids[0] == ids[1] && ids[1] != ids[2])
    propagation.random = RandomSource(SplitMix64(seed: 1))
    try await call(propagation: propagation)
    #expect(seen("X-Request-ID")[3] == ids[0])
  }

  @Test("A request's own fields are left as they are")
  func own() async throws {
    var request = server.request("notes/1")
    request.setValue("mine", forHTTPHeaderField: "x-request-id")
    request.setValue("00-own", forHTTPHeaderField: "traceparent")
    let context = RequestContext(
      requestID: "r1",
      trace: TraceContext(parent: Self.parent, state: "v=1")
    )
    try await withRequestContext(context) {
      _ = try await session.data(for: request, through: NoPolicy())
    }
    #expect(seen("X-Request-ID") == ["mine"])
    #expect(seen("traceparent") == ["00-own"])
    #expect(seen("tracestate") == [nil])
  }

  @Test("Names can be changed, and everything left out")
  func settings() async throws {
    var propagation = HTTPPropagation()
    propagation.deadlineField = "Budget-Ms"
    propagation.requestIDField = nil
    try await withCallDeadline(in: .seconds(3_600)) {
      try await withRequestContext(RequestContext(requestID: "r1", criticality: .sheddable)) {
        try await call(propagation: propagation)
        try await call(propagation: .none)
      }
    }
    #expect(seen("Budget-Ms").map { $0 != nil } == [true, false])
    #expect(seen("X-Request-Deadline") == [nil, nil])
    #expect(seen("X-Request-ID") == [nil, nil])
    #expect(seen("X-Request-Criticality") == ["sheddable", nil])
  }

  @Test("Two hops: what a client says arrives at the service behind the service")
  func twoHops() async throws {
    let (inner, session) = (server, session)
    let outer = try FaultServer {
      Route(.get, "/page") { request in
        var headers = HTTPHeaders()
        for field in request.headers.fields { headers[field.name] = field.value }
        return try await withRequestContext(RequestContext(headers)) {
          let (data, _) = try await session.data(for: inner.request("notes/1"), through: NoPolicy())
          return ServerResponse(body: data)
        }
      }
    }
    let clock = ManualClock()
    let context = RequestContext(
      requestID: "r1",
      trace: TraceContext(parent: Self.parent),
      criticality: .criticalPlus,
      remaining: .seconds(3_600)
    )
    try await withRequestContext(context, on: Timeline(clock)) {
      _ = try await session.data(for: outer.request("page"), through: NoPolicy())
    }
    #expect(outer.exchanges.map { $0.headers["X-Request-Deadline"] } == ["3600000"])
    let left = try #require(seen("X-Request-Deadline").first??.utf8.count)
    #expect(left == 7)
    #expect(seen("X-Request-ID") == ["r1"])
    #expect(seen("traceparent") == [Self.parent])
    #expect(seen("X-Request-Criticality") == ["critical-plus"])
  }

  @Test("What a context does not say stays as it was, and a deadline only comes closer")
  func nested() async {
    let clock = ManualClock()
    let timeline = Timeline(clock)
    let outer = RequestContext(requestID: "r1", criticality: .sheddable, remaining: .seconds(1))
    await withRequestContext(outer, on: timeline) {
      await withRequestContext(RequestContext(remaining: .seconds(5)), on: timeline) {
        #expect(RequestContext.current == outer)
      }
      await withRequestContext(RequestContext(requestID: "r2"), on: timeline) {
        #expect(RequestContext.current.requestID == "r2")
        #expect(RequestContext.current.criticality == .sheddable)
      }
    }
    #expect(RequestContext.current == RequestContext())
  }
}
