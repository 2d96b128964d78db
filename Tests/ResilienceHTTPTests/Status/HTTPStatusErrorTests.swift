import Foundation
import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("Status error")
struct HTTPStatusErrorTests {
  private func error(
    _ status: Int,
    retryAfter: String? = nil,
    upTo limit: Duration = HTTPStatusError.defaultMaxRetryAfter
  ) throws -> HTTPStatusError {
    var headers = HTTPHeaders()
    headers["Retry-After"] = retryAfter
    return HTTPStatusError(
      status: status,
      headers: headers,
      url: try #require(URL(string: "https://me:secret@example.org/a?token=secret#x")),
      maxRetryAfter: limit
    )
  }

  @Test(
    "The table",
    arguments: [
      (100, Verdict.success, RetryAdvice.forbidden), (200, .success, .forbidden),
      (204, .success, .forbidden), (304, .success, .forbidden), (400, .success, .forbidden),
      (401, .success, .forbidden), (403, .success, .forbidden), (404, .success, .forbidden),
      (408, .failure, .allowed), (409, .success, .forbidden), (413, .success, .forbidden),
      (421, .success, .forbidden), (425, .failure, .notProcessed), (429, .failure, .allowed),
      (431, .success, .forbidden), (499, .success, .forbidden), (500, .failure, .allowed),
      (501, .success, .forbidden), (502, .failure, .allowed), (503, .failure, .allowed),
      (504, .failure, .allowed), (505, .success, .forbidden), (506, .failure, .forbidden),
      (507, .failure, .forbidden), (508, .failure, .forbidden), (510, .success, .forbidden),
      (511, .failure, .forbidden), (520, .failure, .allowed), (599, .failure, .allowed),
      (0, .failure, .allowed), (-1, .failure, .allowed), (99, .failure, .allowed),
      (600, .failure, .allowed), (999, .failure, .allowed),
    ]
  )
  func table(status: Int, verdict: Verdict, advice: RetryAdvice) throws {
    let error = try error(status)
    #expect(error.verdict == verdict)
    #expect(error.retryAdvice == advice)
  }

  @Test("What may be retried is a failure, else a retry would not see it")
  func consistency() throws {
    for status in 0...1_000 {
      let error = try error(status)
      #expect(error.verdict == .failure || error.retryAdvice == .forbidden, "status \(status)")
    }
  }

  @Test(
    "Retry-After delays what may be retried, and forbids it beyond the bound",
    arguments: [
      (503, "7", RetryAdvice.allowedAfter(.seconds(7))), (503, "0", .allowedAfter(.zero)),
      (503, "3600", .allowedAfter(.seconds(3_600))), (503, "3601", .forbidden),
      (503, "nonsense", .allowed), (429, "7", .allowedAfter(.seconds(7))),
      (425, "7", .notProcessedAfter(.seconds(7))), (404, "7", .forbidden), (301, "7", .forbidden),
    ]
  )
  func retryAfter(status: Int, value: String, advice: RetryAdvice) throws {
    #expect(try error(status, retryAfter: value).retryAdvice == advice)
  }

  @Test("The bound on Retry-After can be set")
  func bound() throws {
    let minute = Duration.seconds(60)
    #expect(try error(503, retryAfter: "60", upTo: minute).retryAdvice == .allowedAfter(minute))
    #expect(try error(503, retryAfter: "61", upTo: minute).retryAdvice == .forbidden)
  }

  @Test("The description has no secrets of the address")
  func description() throws {
    #expect(try error(503).description == "GET https://example.org/a: status 503")
  }

  @Test("Header names compare without case")
  func headers() {
    let headers: HTTPHeaders = ["Retry-After": "1", "RETRY-AFTER": "2"]
    #expect(headers["retry-After"] == "2")
    #expect(headers.names == ["retry-after"])
  }
}
