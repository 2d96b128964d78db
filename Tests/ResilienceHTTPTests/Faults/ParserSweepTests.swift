import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

/// Damaged values through every parser of received text.
///
/// A hundred and twenty thousand when `RESILIENCE_SOAK` is set, as the check script does; the parsers
/// of the fault server have sweeps of their own.
@Suite("Damaged header values")
struct ParserSweepTests {
  private static let perParser =
    ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] == nil ? 400 : 12_000

  private static let corpus = [
    "0", "120", "9223372036854775807", "99999999999999999999", "-1", "1.5", "critical-plus",
    "sheddable",
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "a=1,b=2", "t@v=x y,\tk_-*/=!",
    #""default";r=0;t=30, "daily";r=5;t=9"#, "limit=10, remaining=0, reset=5",
    "application/json; charset=utf-8", "application/problem+json", "text/html", "users/1/../2",
    "a%2Fb?c#d",
    "/etc/passwd", "..", "", " ", "\u{0}", "é", "１２３", "r1-ABC.def",
  ]

  /// Inputs for one parser, the same each time: the corpus, and values with up to six damages.
  private func each(_ name: String, _ check: (String) throws -> Void) rethrows {
    for value in Self.corpus { try check(value) }
    for seed in 0..<UInt64(Self.perParser) {
      var random = SplitMix64(seed: seed ^ UInt64(name.utf8.count) << 40)
      try check(Self.damaged(using: &random))
    }
  }

  private static func damaged(using random: inout SplitMix64) -> String {
    var bytes = Array(corpus[Int.random(in: corpus.indices, using: &random)].utf8)
    let suspects = Array(" \t\r\n,;=-+/\"%0aF@:.".utf8) + [0, 0xFF, 0x80, 0xC3]
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let index = Int.random(in: 0...bytes.count, using: &random)
      let suspect = suspects[Int.random(in: suspects.indices, using: &random)]
      switch Int.random(in: 0...4, using: &random) {
      case 0 where index < bytes.count: bytes[index] = .random(in: 0...255, using: &random)
      case 1 where index < bytes.count: bytes.remove(at: index)
      case 2: bytes.insert(contentsOf: bytes[index...].prefix(30), at: index)
      case 3: bytes.insert(contentsOf: repeatElement(suspect, count: 40), at: index)
      default: bytes.insert(suspect, at: index)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("A Retry-After or rate limit is never longer than the bound, nor negative")
  func waits() {
    let bound = Duration.seconds(600)
    each("retry-after") { value in
      for name in ["Retry-After", "RateLimit", "RateLimit-Reset", "X-RateLimit-Reset"] {
        let headers: HTTPHeaders = [name: value, "RateLimit-Remaining": "0", "Date": value]
        let read = RetryAfter(headers, status: 429, now: 1_700_000_000, upTo: bound)
        if case .after(let wait) = read { #expect(wait >= .zero && wait <= bound, "\(value)") }
      }
    }
  }

  @Test("A date is one between the years 0 and 9999")
  func dates() {
    each("date") { value in
      if let date = HTTPDate(value, now: 1_700_000_000) {
        #expect((-62_200_000_000...253_402_300_799).contains(date.seconds), "\(value)")
      }
    }
  }

  @Test("A trace that is read is written so that it is read again")
  func traces() {
    each("traceparent") { value in
      guard let trace = TraceContext(parent: value, state: value) else { return }
      #expect(
        TraceContext(parent: trace.parent) == TraceContext(parent: trace.parent, state: trace.state)
      )
      #expect(trace.parent.utf8.count == 55)
    }
    each("tracestate") { value in
      guard let state = TraceState(value) else { return }
      #expect(TraceState(state.description) == state, "\(value)")
      #expect(state.description.utf8.count <= 512)
    }
  }

  @Test("A deadline, a criticality and a request ID that are read are written as they were")
  func context() {
    each("deadline") { value in
      guard let time = DeadlineField().remaining(in: value) else { return }
      #expect(time >= .zero)
      if time > .zero {
        #expect(DeadlineField().remaining(in: DeadlineField.value(of: time)) == time)
      }
    }
    each("criticality") { value in
      if let read = Criticality(headerField: value) {
        #expect(Criticality(headerField: read.description) == read)
      }
    }
    each("request id") { value in
      let context = RequestContext(["X-Request-ID": value, "X-Request-Deadline": value])
      if let id = context.requestID { #expect(id == value && id.utf8.allSatisfy { $0 > 0x20 }) }
    }
  }

  @Test("A path stays below its base, whatever is put into it")
  func paths() throws {
    let base = try #require(URL(string: "http://example.org/v1/"))
    each("path") { value in
      let paths: [HTTPPath] = [HTTPPath(value), "users/\(value)/posts"]
      for path in paths {
        guard let url = try? base.appending(path, query: [URLQueryItem(name: value, value: value)])
        else { continue }
        #expect(url.host == "example.org", "\(value)")
        #expect(url.standardized.path(percentEncoded: true).hasPrefix("/v1"), "\(value)")
        #expect(url.absoluteString.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(value)")
      }
    }
  }

  @Test("A content type is JSON or not")
  func contentTypes() {
    each("content type") { value in
      let isJSON = value.namesJSON
      let type = value.prefix { $0 != ";" }.lowercased()
      if isJSON { #expect(type.contains("json"), "\(value)") }
    }
  }
}
