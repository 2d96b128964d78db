import Testing

@testable import ResilienceTesting

/// Bytes of a connection, and what the parser makes of them.
struct Wire: Sendable, CustomTestStringConvertible {
  let bytes: String
  let result: String

  init(_ bytes: String, _ result: String) {
    self.bytes = bytes
    self.result = result
  }

  var testDescription: String { "\(bytes.debugDescription.prefix(80)) → \(result)" }
}

@Suite("Request parser")
struct RequestParserTests {
  static let limits = {
    var limits = ServerLimits()
    limits.requestLineBytes = 64
    limits.headerBytes = 128
    limits.headerFields = 4
    limits.bodyBytes = 32
    return limits
  }()

  static let host = "Host: x\r\n"

  @Test(
    "Requests in good order are understood",
    arguments: [
      Wire("GET / HTTP/1.1\r\n\(host)\r\n", "GET / ()"),
      Wire("\r\nGET / HTTP/1.1\r\n\(host)\r\n", "GET / ()"),
      Wire("GET / HTTP/1.0\r\n\r\n", "GET / ()"),
      Wire("GET / HTTP/1.7\r\n\(host)\r\n", "GET / ()"),
      Wire("GET /a%20b?x=1 HTTP/1.1\r\n\(host)\r\n", "GET /a%20b ()"),
      Wire("GET http://h:80/a?b HTTP/1.1\r\n\(host)\r\n", "GET /a ()"),
      Wire("GET HTTP://h?b HTTP/1.1\r\n\(host)\r\n", "GET / ()"),
      Wire("OPTIONS * HTTP/1.1\r\n\(host)\r\n", "OPTIONS * ()"),
      Wire("GET / HTTP/1.1\r\nhOsT:\t x \t\r\n\r\n", "GET / ()"),
      Wire("POST / HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", "POST / (abc)"),
      Wire("POST / HTTP/1.1\r\n\(host)Content-Length: 3, 3\r\n\r\nabc", "POST / (abc)"),
      Wire("POST / HTTP/1.1\r\n\(host)Content-Length: 003\r\n\r\nabc", "POST / (abc)"),
      Wire(chunked("3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n"), "POST / (abc0123456789)"),
      Wire(chunked("000 ;x\r\nTrailer: 1\r\nOther: 2\r\n\r\n"), "POST / ()"),
      Wire(
        "POST / HTTP/1.1\r\n\(host)Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
        "continue, POST / (x)"
      ),
      Wire("GET / HTTP/1.1\r\n\(host)Expect: 100-continue\r\n\r\n", "GET / ()"),
      Wire("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", "GET / ()"),
      Wire(
        "GET /1 HTTP/1.1\r\n\(host)\r\nPOST /2 HTTP/1.1\r\n\(host)Content-Length: 1\r\n\r\nxGET",
        "GET /1 (), POST /2 (x)"
      ),
    ]
  )
  func good(_ wire: Wire) {
    #expect(parse([wire.bytes]) == wire.result)
  }

  @Test(
    "Requests that are not in order are refused",
    arguments: [
      Wire("GET  / HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1 \r\n\(host)\r\n", "400"),
      Wire(" GET / HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("G(T / HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET / http/1.1\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/2.0\r\n\(host)\r\n", "505"),
      Wire("GET a HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET * HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET /#a HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET /é HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET /%4 HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET /%zz HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET http:/// HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("CONNECT h:80 HTTP/1.1\r\n\(host)\r\n", "501"),
      Wire("\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1\r\nHost: x\n\r\n", "400"),
      Wire("GET /\r HTTP/1.1\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1\r\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\(host)\(host)\r\n", "400"),
      Wire("GET / HTTP/1.0\r\n\(host)\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\(host) folded\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\tfolded: 1\r\n\(host)\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\(host)no colon\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\(host): no name\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\(host)A: \u{0}\r\n\r\n", "400"),
      Wire("GET / HTTP/1.1\r\n\(host)A: \u{7F}\r\n\r\n", "400"),
      Wire("POST / HTTP/1.1\r\n\(host)Expect: magic\r\n\r\n", "417"),
    ]
  )
  func bad(_ wire: Wire) {
    #expect(parse([wire.bytes]) == wire.result)
  }

  @Test(
    "Where a body ends is never a matter of opinion",
    arguments: [
      Wire(post("Content-Length: 3\r\nTransfer-Encoding: chunked"), "400"),
      Wire(post("Transfer-Encoding: chunked\r\nContent-Length: 3"), "400"),
      Wire(post("Content-Length: 3\r\nContent-Length: 4"), "400"),
      Wire(post("Content-Length: 3, 4"), "400"),
      Wire(post("Content-Length: 3,"), "400"),
      Wire(post("Content-Length: +3"), "400"),
      Wire(post("Content-Length: -3"), "400"),
      Wire(post("Content-Length: 0x3"), "400"),
      Wire(post("Content-Length: 3 3"), "400"),
      Wire(post("Content-Length:"), "400"),
      Wire(post("Content-Length: 33"), "413"),
      Wire(post("Content-Length: 99999999999999999999"), "413"),
      Wire(post("Transfer-Encoding: gzip"), "501"),
      Wire(post("Transfer-Encoding: gzip, chunked"), "501"),
      Wire(post("Transfer-Encoding: xchunked"), "501"),
      Wire(post("Transfer-Encoding: chunked, chunked"), "400"),
      Wire(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), "400"),
      Wire(post("Transfer-Encoding:"), "400"),
      Wire("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
      Wire(chunked("\r\n"), "400"),
      Wire(chunked("g\r\n"), "400"),
      Wire(chunked("-1\r\n"), "400"),
      Wire(chunked("0x1\r\n"), "400"),
      Wire(chunked("1 1\r\n"), "400"),
      Wire(chunked("1\nx\r\n"), "400"),
      Wire(chunked("1;a\rb\r\nx\r\n"), "400"),
      Wire(chunked("1\r\nxy\r\n"), "400"),
      Wire(chunked("1\r\nxyz"), "400"),
      Wire(chunked("21\r\n"), "413"),
      Wire(chunked("10\r\n0123456789abcdef\r\n11\r\n"), "413"),
      Wire(chunked("FFFFFFFFFFFFFFFFFFFF\r\n"), "413"),
      Wire(chunked("1;" + String(repeating: "x", count: 300)), "400"),
      Wire(chunked("0\r\n folded\r\n\r\n"), "400"),
      Wire(chunked("0\r\n" + String(repeating: "a: b\r\n", count: 5) + "\r\n"), "431"),
      Wire(chunked("0\r\na: " + String(repeating: "b", count: 200)), "431"),
    ]
  )
  func framing(_ wire: Wire) {
    #expect(parse([wire.bytes]) == wire.result)
  }

  @Test("Each limit holds to the byte")
  func limits() {
    let fits = String(repeating: "a", count: 64 - "GET / HTTP/1.1".count)
    #expect(parse(["GET /\(fits) HTTP/1.1\r\n\(Self.host)\r\n"]) == "GET /\(fits) ()")
    #expect(parse(["GET /\(fits)a HTTP/1.1\r\n\(Self.host)\r\n"]) == "414")
    #expect(parse([String(repeating: "a", count: 66)]) == "414")

    let value = String(repeating: "v", count: 128 - Self.host.count - "a: \r\n".count)
    #expect(parse(["GET / HTTP/1.1\r\n\(Self.host)a: \(value)\r\n\r\n"]) == "GET / ()")
    #expect(parse(["GET / HTTP/1.1\r\n\(Self.host)a: \(value)v\r\n\r\n"]) == "431")

    let fields = String(repeating: "a: b\r\n", count: 3)
    #expect(parse(["GET / HTTP/1.1\r\n\(Self.host)\(fields)\r\n"]) == "GET / ()")
    #expect(parse(["GET / HTTP/1.1\r\n\(Self.host)\(fields)a: b\r\n\r\n"]) == "431")

    let body = String(repeating: "b", count: 32)
    #expect(parse([Self.post("Content-Length: 32") + body]) == "POST / (\(body))")
    #expect(parse([Self.chunked("20\r\n\(body)\r\n0\r\n\r\n")]) == "POST / (\(body))")
  }

  @Test("A refused connection stays refused")
  func failedForEver() {
    #expect(parse(["BAD\r\n", "GET / HTTP/1.1\r\n\(Self.host)\r\n"]) == "400")
  }

  static func post(_ fields: String) -> String {
    "POST / HTTP/1.1\r\n\(host)\(fields)\r\n\r\n"
  }

  static func chunked(_ body: String) -> String {
    post("Transfer-Encoding: chunked") + body
  }

  private func parse(_ pieces: [String]) -> String {
    RequestParser.results(of: pieces.map { Array($0.utf8) }, limits: Self.limits)
  }
}

extension RequestParser {
  /// Requests and the error, in words, after the pieces have been appended one by one.
  static func results(of pieces: [[UInt8]], limits: ServerLimits) -> String {
    var parser = RequestParser(limits: limits)
    var results: [String] = []
    for piece in pieces {
      parser.append(piece)
      do throws(RequestError) {
        while let event = try parser.next() { results.append(event.words) }
      } catch {
        if results.last != "\(error.status)" { results.append("\(error.status)") }
      }
    }
    return results.joined(separator: ", ")
  }
}

extension RequestParser.Event {
  var words: String {
    switch self {
    case .continueExpected: "continue"
    case .request(let request):
      "\(request.method) \(request.path) (\(String(decoding: request.body, as: UTF8.self)))"
    }
  }
}
