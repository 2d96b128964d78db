import Foundation
import Testing

@testable import ResilienceRPC

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Connect")
struct ConnectProtocolTests {
  private let wire = ConnectProtocol()

  private func call(
    _ idempotency: RPCIdempotency = .unknown,
    _ format: RPCFormat = .json,
    message: String = #"{"a":"b c&d=é"}"#,
    left: Duration? = nil,
    isStream: Bool = false,
    usesGET: Bool = true
  ) -> WireCall {
    WireCall(
      method: "acme.v1.S/Do",
      idempotency: idempotency,
      format: format,
      message: Data(message.utf8),
      metadata: ["x-one": "1"],
      left: left,
      previousAttempts: 0,
      isStream: isStream,
      usesGET: usesGET
    )
  }

  private func request(_ call: WireCall, base: String = "http://h:1") throws -> URLRequest {
    try wire.request(for: call, to: #require(URL(string: base)))
  }

  @Test("A call is a POST with the message as its body")
  func post() throws {
    let request = try request(call(left: .milliseconds(1_500)))
    #expect(request.url?.absoluteString == "http://h:1/acme.v1.S/Do")
    #expect(request.httpMethod == "POST")
    #expect(request.httpBody == Data(#"{"a":"b c&d=é"}"#.utf8))
    #expect(request.value(forHTTPHeaderField: "content-type") == "application/json")
    #expect(request.value(forHTTPHeaderField: "connect-protocol-version") == "1")
    #expect(request.value(forHTTPHeaderField: "connect-timeout-ms") == "1500")
    #expect(request.value(forHTTPHeaderField: "x-one") == "1")
  }

  @Test("The path of the base stays, its query does not")
  func base() throws {
    for base in ["http://h/api", "http://h/api/", "http://h/api?x=1#y"] {
      let url = try request(call(), base: base).url
      #expect(url?.absoluteString == "http://h/api/acme.v1.S/Do")
    }
  }

  @Test("A call without side effects may be a GET, its query in the order of the specification")
  func get() throws {
    let json = try request(call(.noSideEffects))
    #expect(json.httpMethod == "GET")
    #expect(json.httpBody == nil)
    #expect(
      json.url?.query(percentEncoded: true)
        == "connect=v1&encoding=json&message=%7B%22a%22%3A%22b%20c%26d%3D%C3%A9%22%7D"
    )
    let proto = try request(call(.noSideEffects, .proto, message: "~~?"))
    #expect(
      proto.url?.query(percentEncoded: true) == "connect=v1&base64=1&encoding=proto&message=fn4_"
    )
    #expect(try request(call(.idempotent)).httpMethod == "POST")
    #expect(try request(call(.noSideEffects, usesGET: false)).httpMethod == "POST")
    #expect(try request(call(.noSideEffects, isStream: true)).httpMethod == "POST")
  }

  @Test("What is too long for an address is a POST")
  func longMessage() throws {
    let text = String(repeating: "x", count: ConnectProtocol.longestAddress)
    #expect(try request(call(.noSideEffects, message: text)).httpMethod == "POST")
  }

  @Test("A stream is asked for with a framed message")
  func stream() throws {
    let request = try request(call(message: "{}", isStream: true))
    #expect(request.httpBody == Data([0, 0, 0, 0, 2, 0x7B, 0x7D]))
    #expect(request.value(forHTTPHeaderField: "content-type") == "application/connect+json")
  }

  @Test("Trailers are the fields with a prefix, and an error has code, message and details")
  func error() throws {
    let body = #"""
      {"code":"not_found","message":"no","details":[{"type":"a.B","value":"CAc","debug":{"x":1}},
       {"type":"c.D","value":"!"}]}
      """#
    let head = WireHead(
      status: 404,
      fields: ["content-type": "application/json; charset=utf-8", "trailer-x-cost": "7", "y": "1"]
    )
    let (message, end) = try wire.unary(
      head,
      Data(body.utf8),
      format: .proto,
      limits: .response(10)
    )
    #expect(message == nil)
    #expect(end.failure?.code == .notFound)
    #expect(end.failure?.message == "no")
    #expect(end.failure?.details == [RPCDetail(type: "a.B", bytes: Data([0x08, 0x07]))])
    #expect(end.trailers == ["x-cost": "7"])
    let mixed = #"""
      {"code":"aborted","message":"m","details":[7,{"type":"a.B"},null,{"type":1,"value":"CAc"},
       {"type":"e.F","value":"CAc"}]}
      """#
    let failure = try wire.unary(head, Data(mixed.utf8), format: .json, limits: .response(10)).end
      .failure
    #expect(failure?.code == .aborted)
    #expect(failure?.message == "m")
    #expect(failure?.details.map(\.type) == ["e.F"])
    for details in ["7", "{}", "null"] {
      let body = Data(#"{"code":"aborted","message":["m"],"details":\#(details)}"#.utf8)
      let failure = try wire.unary(head, body, format: .json, limits: .response(10)).end.failure
      #expect(failure?.code == .aborted)
      #expect(failure?.message == "")
    }
    #expect(wire.headers(of: head).fields.map(\.name) == ["content-type", "y"])
  }

  @Test(
    "An error that is missing or malformed has the code of its status",
    arguments: ["", "{}", "nonsense", #"{"code":null}"#, #"{"code":7}"#, "[]"]
  )
  func malformedError(body: String) throws {
    let head = WireHead(status: 503, fields: ["content-type": "application/json"])
    let failure = try wire.unary(head, Data(body.utf8), format: .json, limits: .response(10)).end
      .failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message == "status 503")
    guard case .http(status: 503) = failure?.origin else {
      Issue.record("not of HTTP")
      return
    }
  }

  @Test(
    "An error without a code keeps its message and its details",
    arguments: ["", #""code":7,"#]
  )
  func errorWithoutCode(code: String) throws {
    let head = WireHead(status: 503, fields: ["content-type": "application/json"])
    let body = #"{\#(code)"message":"later","details":[{"type":"a.B","value":"CAc"}]}"#
    let failure = try wire.unary(head, Data(body.utf8), format: .json, limits: .response(10)).end
      .failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message == "later")
    #expect(failure?.details == [RPCDetail(type: "a.B", bytes: Data([0x08, 0x07]))])
    guard case .http(status: 503) = failure?.origin else {
      Issue.record("not of HTTP")
      return
    }
  }

  @Test("An error with a code that is not known keeps its message")
  func unknownCode() throws {
    let head = WireHead(status: 429, fields: ["content-type": "application/json"])
    let body = Data(#"{"code":"tired","message":"later"}"#.utf8)
    let failure = try wire.unary(head, body, format: .json, limits: .response(10)).end.failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message == "later")
  }

  @Test("The end of a stream says how it ended")
  func end() throws {
    func event(_ json: String) throws -> WireEvent {
      try wire.event(of: Frame(flags: 2, payload: Data(json.utf8)))
    }
    guard case .end(let good) = try event(#"{"metadata":{"X-Cost":["1","2"]}}"#) else {
      Issue.record("no end")
      return
    }
    #expect(good.failure == nil)
    #expect(good.trailers.values(of: "x-cost") == ["1", "2"])
    guard case .end(let bad) = try event(#"{"error":{"code":"unavailable"}}"#) else {
      Issue.record("no end")
      return
    }
    #expect(bad.failure?.code == .unavailable)
    guard case .end(let odd) = try event(#"{"error":{}}"#) else {
      Issue.record("no end")
      return
    }
    #expect(odd.failure?.code == .unknown)
    let mixed = #"{"error":{"code":"aborted"},"metadata":{"a":"1","b":["2",3],"c-bin":["AQ, Ag"]}}"#
    guard case .end(let mixed) = try event(mixed) else {
      Issue.record("no end")
      return
    }
    #expect(mixed.failure?.code == .aborted)
    #expect(mixed.trailers == ["b": "2", "c-bin": "AQ", "c-bin": "Ag"])
    #expect(throws: RPCFault.self) { try event("nonsense") }
    #expect(throws: RPCFault.self) { try event(#"{"error":7}"#) }
    for flags in [UInt8(1), 3, 4, 128] {
      #expect(throws: RPCFault.self) { try wire.event(of: Frame(flags: flags, payload: Data())) }
    }
  }
}
