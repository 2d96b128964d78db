import Testing

@testable import ResilienceHTTP

@Suite("HTTP date")
struct HTTPDateTests {
  /// 6 November 1994, 08:49:37.
  private static let sample = 784_111_777
  /// 1 January 2026.
  private static let now = 1_767_225_600

  @Test(
    "All three formats mean the same",
    arguments: [
      "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
      "Sun Nov 06 08:49:37 1994",
    ]
  )
  func formats(text: String) {
    #expect(HTTPDate(text, now: Self.now)?.seconds == Self.sample)
  }

  @Test(
    "Known moments",
    arguments: [
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
      ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_799),
      ("Thu, 01 Jan 2026 00:00:00 GMT", 1_767_225_600),
      ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
    ]
  )
  func moments(text: String, seconds: Int) {
    #expect(HTTPDate(text, now: Self.now)?.seconds == seconds)
  }

  @Test("Two digits are a year at most 50 years ahead")
  func twoDigits() {
    let in2076 = HTTPDate("Wednesday, 01-Jan-76 00:00:00 GMT", now: Self.now)?.seconds
    let in1977 = HTTPDate("Saturday, 01-Jan-77 00:00:00 GMT", now: Self.now)?.seconds
    #expect(in2076 == 3_345_062_400)
    #expect(in1977 == 220_924_800)
  }

  @Test(
    "What is no date is refused",
    arguments: [
      "", " ", "0", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
      "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
      "Wed, 29 Feb 2023 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
      "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
      "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov +994 08:49:37 GMT",
      "Sun, 06 Nov -199 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06 Nov 94 08:49:37 GMT",
      "Sun Nov   6 08:49:37 1994", "Sun Nov 6 08:49:37 1994 GMT",
      "Sun,  06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
      "Sun, ٠٦ Nov 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
    ]
  )
  func bad(text: String) {
    #expect(HTTPDate(text, now: Self.now) == nil)
  }
}
