import Testing

@testable import ResilienceHTTP

@Suite("Deadline as a header field")
struct DeadlineFieldTests {
  private let field = DeadlineField()

  @Test(
    "Milliseconds in digits are read",
    arguments: [
      ("0", Duration.zero), ("1", .milliseconds(1)), ("1500", .milliseconds(1_500)),
      (" \t2000 ", .seconds(2)), ("0000250", .milliseconds(250)), ("3600000", .seconds(3_600)),
    ]
  )
  func read(value: String, expected: Duration) {
    #expect(field.remaining(in: value) == expected)
  }

  @Test(
    "An absurd number is cut, however many digits it has",
    arguments: [
      "3600001", "9223372036854775807", "9223372036854775808", String(repeating: "9", count: 64),
    ]
  )
  func cut(value: String) {
    #expect(field.remaining(in: value) == .seconds(3_600))
  }

  @Test(
    "What is no number says nothing",
    arguments: [
      nil, "", " ", "-1", "+1", "1.5", "1e3", "0x10", "10ms", "1 0", "1, 2", "١", "1\u{0}", "１",
      String(repeating: "1", count: 65), String(repeating: " ", count: 64) + "1",
    ]
  )
  func nothing(value: String?) {
    #expect(field.remaining(in: value) == nil)
  }

  @Test("Name and bound can be others")
  func other() {
    let field = DeadlineField(name: "X-Time-Left", longest: .seconds(1))
    #expect(field.remaining(in: ["x-time-left": "5000"]) == .seconds(1))
    #expect(field.remaining(in: ["X-Request-Deadline": "5"] as HTTPHeaders) == nil)
  }

  @Test("Fields of any server are taken, those of one name joined in their order")
  func pairs() {
    let headers = HTTPHeaders(fields: [(name: "A", value: "1"), ("b", "2"), ("a", "3"), ("B", "4")])
    #expect(headers == ["a": "1, 3", "B": "2, 4"])
    // A deadline that is said twice is not said.
    let twice = HTTPHeaders(
      fields: [(name: "X-Request-Deadline", value: "5"), ("x-request-deadline", "5")]
    )
    #expect(field.remaining(in: twice) == nil)
  }
}
