import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Admission on the wire")
struct AdmissionOnTheWireTests {
  private let session = URLSession.fresh()
  private let bulkhead: Bulkhead
  private let server: FaultServer
  private let begun = Log()

  /// The criticality of the requests whose handlers have begun, in order.
  private final class Log: Sendable {
    private let classes = Guarded<[Criticality]>([])
    var all: [Criticality] { classes.withLock { $0 } }
    func note(_ criticality: Criticality) { classes.withLock { $0.append(criticality) } }
  }

  init() throws {
    var settings = BulkheadSettings()
    settings.limit = 2
    settings.shares.sheddable = 0.5
    let bulkhead = Bulkhead(settings, name: "api")
    self.bulkhead = bulkhead
    var admitting = HTTPAdmissionSettings()
    admitting.retryAfter = 7
    admitting.retrySpread = 0
    let policies = Pipeline("api") {
      RateLimiter("api", .tokenBucket(1_000, per: .seconds(3_600), burst: 1_000))
      bulkhead
    }
    let admission = HTTPAdmission("api", admitting, pipeline: policies)
    let begun = begun
    server = try FaultServer {
      Route(.get, "/work") { request in
        let fields = request.headers.fields.map { (name: $0.name, value: $0.value) }
        let head = HTTPRequestHead(
          method: request.method.rawValue,
          path: request.path,
          headers: HTTPHeaders(fields: fields)
        )
        return try await admission.respond(to: head) {
          begun.note(.current)
          return ServerResponse.text("done")
        } refusing: { refusal in
          var headers = ServerHeaders()
          for name in refusal.headers.names { headers[name] = refusal.headers[name] }
          return .status(refusal.status, headers: headers)
        }
      }
    }
  }

  private func call(
    _ criticality: Criticality,
    through policy: some Policy = NoPolicy(),
    deadline: String? = nil
  ) async throws -> Int {
    var request = server.request("work")
    request.criticality = criticality
    request.setValue(deadline, forHTTPHeaderField: "X-Request-Deadline")
    return try await session.data(for: request, through: policy).1.statusCode
  }

  @Test(
    "An overloaded server serves what is critical, and refuses the rest with a time to come again"
  )
  func sheds() async throws {
    let place = try await bulkhead.acquire()
    for _ in 0..<3 { #expect(try await call(.critical) == 200) }
    for _ in 0..<3 {
      let error = await #expect(throws: HTTPStatusError.self) { try await call(.sheddable) }
      #expect(error?.status == 503 && error?.headers["Retry-After"] == "7")
      #expect(error?.headers["Cache-Control"] == "no-store" && error?.bodyExcerpt == "")
      #expect(error?.retryAdvice == .allowedAfter(.seconds(7)))
    }
    #expect(begun.all == [.critical, .critical, .critical])
    place.release()
    #expect(try await call(.sheddable) == 200)
    #expect(begun.all.last == .sheddable)
  }

  @Test("Our own client comes again when the server says, not before")
  func honoured() async throws {
    let clock = ManualClock()
    let retry = Retry(attempts: 2, backoff: .none, timeline: Timeline(clock))
    let place = try await bulkhead.acquire()
    let task = Task { try await call(.sheddable, through: retry) }
    await clock.sleepers(atLeast: 1)
    #expect(server.requestCount == 1)
    clock.advance(by: .milliseconds(6_999))
    #expect(clock.sleepers == 1 && server.requestCount == 1)
    place.release()
    clock.advance(by: .milliseconds(1))
    #expect(try await task.value == 200)
    #expect(server.requestCount == 2)
  }

  @Test(
    "A request that comes too late is refused without a handler, and not to be repeated at once"
  )
  func late() async throws {
    let error = await #expect(throws: HTTPStatusError.self) {
      try await call(.critical, deadline: "0")
    }
    #expect(error?.status == 503 && error?.headers["Retry-After"] == nil)
    #expect(begun.all == [])
    #expect(try await call(.critical, deadline: "60000") == 200)
  }
}
