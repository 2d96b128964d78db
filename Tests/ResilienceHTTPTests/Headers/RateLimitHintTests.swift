import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("Rate limits of responses")
struct RateLimitHintTests {
  private static let now = 1_700_000_000

  private func read(_ headers: HTTPHeaders, status: Int = 429) -> RetryAfter {
    RetryAfter(headers, status: status, now: Self.now, upTo: .seconds(3_600))
  }

  @Test(
    "The present draft: what is used up, and until when",
    arguments: [
      (#""default";r=0;t=30"#, RetryAfter.after(.seconds(30))), (#""a";r=5;t=30"#, .unsaid),
      (#""a";r=0;t=10, "b";r=0;t=60, "c";r=9;t=99"#, .after(.seconds(60))),
      (#""a";t=30"#, .unsaid), (#""a";r=0"#, .unsaid), (#""a";r=0;t=-1"#, .unsaid),
      (#""a" ; r=0 ; t=7"#, .after(.seconds(7))), (#""a";r=0;t=99999999999999999999"#, .tooLong),
      ("limit=10, remaining=0, reset=5", .after(.seconds(5))),
      ("limit=10, remaining=1, reset=5", .unsaid),
      ("", .unsaid), (";;;===,,,", .unsaid),
    ]
  )
  func draft(value: String, expected: RetryAfter) {
    #expect(read(["RateLimit": value]) == expected)
  }

  @Test("Seconds, or a time since 1970", arguments: ["RateLimit", "X-RateLimit"])
  func resets(prefix: String) {
    func read(_ reset: String, _ remaining: String? = "0", status: Int = 429) -> RetryAfter {
      var headers: HTTPHeaders = ["\(prefix)-Reset": reset]
      headers["\(prefix)-Remaining"] = remaining
      return self.read(headers, status: status)
    }
    #expect(read("30") == .after(.seconds(30)))
    #expect(read("\(Self.now + 30)") == .after(.seconds(30)))
    #expect(read("\(Self.now - 30)") == .after(.zero))
    #expect(read("999999999") == .tooLong)
    #expect(read("99999999999999999999") == .tooLong)
    #expect(read("30", "1") == .unsaid)
    #expect(read("30", nil) == .after(.seconds(30)))
    #expect(read("30", nil, status: 503) == .unsaid)
    #expect(read("30", status: 503) == .after(.seconds(30)))
    for status in [500, 502, 408, 425] { #expect(read("30", status: status) == .unsaid) }
    for reset in ["soon", "-1", "1.5", "", "1 2"] { #expect(read(reset) == .unsaid) }
  }

  @Test("A time is measured from the response's own date")
  func skew() {
    let headers: HTTPHeaders = [
      "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1893456010",
      "Date": "Tue, 01 Jan 2030 00:00:00 GMT",
    ]
    #expect(read(headers) == .after(.seconds(10)))
  }

  @Test("Retry-After wins, whatever else is said")
  func retryAfter() {
    let limits: HTTPHeaders = ["RateLimit": #""a";r=0;t=30"#, "X-RateLimit-Reset": "40"]
    #expect(read(limits.merging(["Retry-After": "7"])) == .after(.seconds(7)))
    #expect(read(limits.merging(["Retry-After": "3601"])) == .tooLong)
    #expect(read(limits.merging(["Retry-After": "nonsense"])) == .after(.seconds(30)))
  }
}
