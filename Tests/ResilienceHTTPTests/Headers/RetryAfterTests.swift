import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("Retry-After")
struct RetryAfterTests {
  /// 6 November 1994, 08:49:37.
  private static let now = 784_111_777

  private func read(_ value: String?, date: String? = nil) -> RetryAfter {
    var headers = HTTPHeaders()
    headers["retry-after"] = value
    headers["date"] = date
    return RetryAfter(headers, now: Self.now, upTo: .seconds(3_600))
  }

  @Test(
    "Seconds, up to the bound",
    arguments: [
      ("0", RetryAfter.after(.zero)), ("1", .after(.seconds(1))), ("007", .after(.seconds(7))),
      (" \t30 ", .after(.seconds(30))), ("3600", .after(.seconds(3_600))), ("3601", .tooLong),
      ("9223372036854775807", .tooLong), ("99999999999999999999999999", .tooLong),
    ]
  )
  func seconds(value: String, expected: RetryAfter) {
    #expect(read(value) == expected)
  }

  @Test(
    "Dates, measured from the present if the response has none",
    arguments: [
      ("Sun, 06 Nov 1994 08:50:37 GMT", RetryAfter.after(.seconds(60))),
      ("Sunday, 06-Nov-94 08:50:37 GMT", .after(.seconds(60))),
      ("Sun Nov  6 08:50:37 1994", .after(.seconds(60))),
      ("Sun, 06 Nov 1994 08:49:37 GMT", .after(.zero)),
      ("Sat, 05 Nov 1994 08:49:37 GMT", .after(.zero)),
      ("Mon, 07 Nov 1994 08:49:37 GMT", .tooLong),
      ("Fri, 31 Dec 9999 23:59:59 GMT", .tooLong),
    ]
  )
  func dates(value: String, expected: RetryAfter) {
    #expect(read(value) == expected)
  }

  @Test("A date is measured from the date of the response, whatever our clock says")
  func skew() {
    let answer = read(
      "Tue, 01 Jan 2030 00:00:10 GMT",
      date: "Tue, 01 Jan 2030 00:00:00 GMT"
    )
    #expect(answer == .after(.seconds(10)))
  }

  @Test("A response with a date that is none is measured from the present")
  func badDate() {
    #expect(read("Sun, 06 Nov 1994 08:49:47 GMT", date: "yesterday") == .after(.seconds(10)))
  }

  @Test(
    "What cannot be understood counts as nothing said",
    arguments: [
      nil, "", " ", "-1", "+1", "1.5", "1e3", "0x10", "soon", "1, 2", "10 seconds", "１０", "\u{0}",
      "Sun, 06 Nov 1994 08:49:37 CET",
    ]
  )
  func unsaid(value: String?) {
    #expect(read(value) == .unsaid)
  }
}
