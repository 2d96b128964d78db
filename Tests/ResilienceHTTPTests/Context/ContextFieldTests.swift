import Foundation
import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("Fields of the request context")
struct ContextFieldTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let span = "00f067aa0ba902b7"

  @Test("A traceparent is read and written as it was", arguments: ["00", "01", "02", "03"])
  func parent(flags: String) throws {
    let text = "00-\(Self.trace)-\(Self.span)-\(flags)"
    let context = try #require(TraceContext(parent: text))
    #expect(context.parent == text)
    #expect(context.traceID == Self.trace)
    #expect(context.parentID == Self.span)
    #expect(context.isSampled == (flags == "01" || flags == "03"))
  }

  @Test("Unknown flags are not passed on, and a later version becomes the present one")
  func later() {
    #expect(TraceContext(parent: "00-\(Self.trace)-\(Self.span)-ff")?.parent.suffix(2) == "03")
    let later = TraceContext(parent: "cc-\(Self.trace)-\(Self.span)-01-what-comes-then")
    #expect(later?.parent == "00-\(Self.trace)-\(Self.span)-01")
  }

  @Test(
    "A malformed traceparent is none",
    arguments: [
      nil, "", "00", "ff-\(trace)-\(span)-01", "00-\(trace)-\(span)-01-x", "00-\(trace)-\(span)-1",
      "00-\(trace.uppercased())-\(span)-01", "00-\(String(repeating: "0", count: 32))-\(span)-01",
      "00-\(trace)-\(String(repeating: "0", count: 16))-01", "cc-\(trace)-\(span)-01x",
      "00_\(trace)-\(span)-01", "00-\(trace)_\(span)-01", "00-\(trace)-\(span)_01",
      "0g-\(trace)-\(span)-01", " 00-\(trace)-\(span)-01", "00-\(trace)-\(span)-0x",
      "00-\(trace)-\(span)-01" + String(repeating: "-", count: 1_000),
      "00-\(trace.dropLast())é-\(span)-01",
    ]
  )
  func malformed(text: String?) {
    #expect(TraceContext(parent: text) == nil)
  }

  @Test(
    "A tracestate is read member by member",
    arguments: [
      ("a=1", "a=1"), ("a=1,b=2", "a=1,b=2"), (" a=1 ,\t b=2 ,,", "a=1,b=2"),
      ("1tenant@sys=x y", "1tenant@sys=x y"), ("a_-*/9=!~", "a_-*/9=!~"),
    ]
  )
  func state(text: String, expected: String) {
    #expect(TraceState(text)?.description == expected)
    #expect(TraceState(expected)?.description == expected)
  }

  @Test(
    "A malformed tracestate is none, and leaves the trace as it is",
    arguments: [
      "", ",", "a", "=1", "A=1", "9a=1", "a=", "a=b=c", "a=1,a=2", "a@b@c=1", "a@9=1", "@a=1",
      "a@=1",
      "a=\u{7F}", "a=é", "a=\u{0}", "a b=1",
      (0...32).map { "k\($0)=1" }.joined(separator: ","), "a=" + String(repeating: "x", count: 257),
      String(repeating: "k", count: 257) + "=1",
    ]
  )
  func malformedState(text: String) throws {
    #expect(TraceState(text) == nil)
    let context = try #require(
      TraceContext(parent: "00-\(Self.trace)-\(Self.span)-01", state: text)
    )
    #expect(context.state == nil)
  }

  @Test("A long tracestate loses its long members first, and then its last ones")
  func shortened() {
    let long = "long=" + String(repeating: "x", count: 200)
    let members = (0..<20).map { "key\($0)=" + String(repeating: "v", count: 20) }
    let state = TraceState(([members[0], long] + members.dropFirst()).joined(separator: ","))
    let kept = state?.description.split(separator: ",").map(String.init) ?? []
    #expect(!kept.contains(long))
    #expect(kept == Array(members.prefix(kept.count)))
    #expect((state?.description.utf8.count ?? 0) <= 512)
    #expect(kept.count >= 18)
  }

  @Test(
    "What is left of a deadline is whole milliseconds, rounded down",
    arguments: [
      (Duration.milliseconds(1_500), "1500"), (.microseconds(1_999), "1"), (.seconds(60), "60000"),
      (.microseconds(999), nil), (.zero, nil), (.seconds(-1), nil), (.nanoseconds(-1), nil),
      (.seconds(Int64.max), "999999999999999"), (.seconds(Int64.min), nil),
    ] as [(Duration, String?)]
  )
  func deadline(remaining: Duration, value: String?) {
    #expect(DeadlineField.value(of: remaining) == value)
    if let value, remaining < .seconds(1_000) {
      #expect(DeadlineField().remaining(in: value).map { $0 <= remaining } == true)
    }
  }

  @Test(
    "A request ID is visible and short, or none",
    arguments: ["", " ", "a b", "a\r\nEvil: 1", "é", String(repeating: "x", count: 129)]
  )
  func badID(id: String) {
    #expect(RequestContext(requestID: id).requestID == nil)
    var context = RequestContext(requestID: "good")
    context.requestID = id
    #expect(context.requestID == nil)
    #expect(RequestContext(["X-Request-ID": id]).requestID == nil)
  }

  @Test("A server reads all of it from header fields, by the names it has agreed on")
  func reading() {
    let headers: HTTPHeaders = [
      "x-request-deadline": "250", "X-Request-Criticality": "sheddable", "x-request-id": "r1",
      "traceparent": "00-\(Self.trace)-\(Self.span)-01", "tracestate": "a=1",
    ]
    let context = RequestContext(headers)
    #expect(context.remaining == .milliseconds(250))
    #expect(context.criticality == .sheddable)
    #expect(context.requestID == "r1")
    #expect(context.trace?.traceID == Self.trace)
    #expect(context.trace?.state == "a=1")
    #expect(RequestContext(headers, names: .none) == RequestContext())
    var names = HTTPPropagation()
    names.deadlineField = "Budget-Ms"
    #expect(RequestContext(["budget-ms": "9"], names: names).remaining == .milliseconds(9))
  }

  @Test("The defaults are the documented ones")
  func defaults() {
    let standard = HTTPPropagation.standard
    #expect(standard.deadlineField == "X-Request-Deadline")
    #expect(standard.criticalityField == "X-Request-Criticality")
    #expect(standard.requestIDField == "X-Request-ID")
    #expect(standard.attemptField == "X-Request-Attempt")
    #expect(standard.passesTraceOn)
    #expect(!standard.generatesRequestID)
  }

  @Test("A generated identifier is a version 4 one, drawn from the source that was given")
  func uuids() {
    let ids = (0..<2).map { _ in
      let random = RandomSource(SystemRandomNumberGenerator())
      return random.uuid()
    }
    #expect(Set(ids).count == 2)
    for id in ids {
      #expect(UUID(uuidString: id)?.uuidString.lowercased() == id)
      let characters = Array(id)
      #expect(characters[14] == "4" && "89ab".contains(characters[19]))
    }
  }
}
