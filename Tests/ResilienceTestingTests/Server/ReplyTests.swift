import Foundation
import Testing

@testable import ResilienceTesting

@Suite("Replies")
struct ReplyTests {
  private let hello = ServerResponse.text("hello")
  private let form = ResponseSerializer(to: .sample())

  @Test("A response becomes status line, fields, length and body")
  func plain() {
    let reply = Reply(hello, as: form)
    #expect(
      reply.bytes.string == """
        HTTP/1.1 200 OK\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: 5\r
        \r
        hello
        """
    )
    #expect(reply.ending == .keepOpen)
    #expect(reply.outcome == .status(200))
  }

  @Test("HEAD, 204 and 304 have no body")
  func bodiless() {
    let head = Reply(hello, as: ResponseSerializer(to: .sample("HEAD"))).bytes.string
    #expect(head.hasSuffix("Content-Length: 5\r\n\r\n"))
    for status in [204, 304] {
      let response = ServerResponse(status: status, body: Data("x".utf8))
      let text = Reply(response, as: form).bytes.string
      #expect(text.hasSuffix("\r\n\r\n") && !text.contains("Content-Length"))
    }
  }

  @Test(
    "The connection stays open if both sides may keep it",
    arguments: [
      (HTTPVersion.oneOne, nil, nil, nil),
      (.oneOne, "close", nil, "close"),
      (.oneOne, "a, CLOSE", nil, "close"),
      (.oneOne, nil, "close", "close"),
      (.oneZero, nil, nil, "close"),
      (.oneZero, "keep-alive", nil, "keep-alive"),
    ] as [(HTTPVersion, String?, String?, String?)]
  )
  func connection(version: HTTPVersion, asked: String?, answered: String?, sent: String?) {
    var request = ServerHeaders()
    request["Connection"] = asked
    var response = ServerResponse.status(200)
    response.headers["Connection"] = answered
    let form = ResponseSerializer(to: .sample(version: version, headers: request))
    let reply = Reply(response, as: form)
    #expect(RawResponse(head: reply.bytes.string).header("Connection") == sent)
    #expect(reply.ending == (sent == "close" ? .close : .keepOpen))
  }

  @Test("A handler can neither forge fields nor the framing")
  func injection() {
    let response = ServerResponse(
      status: 7,
      headers: ["a b": "1\r\nEvil: 2\u{0}", "": "x", "content-length": "9", "Ä": "ä"]
    )
    let text = Reply(response, as: form).bytes.string
    #expect(
      text == """
        HTTP/1.1 500 Internal Server Error\r
        a-b: 1  Evil: 2 \r
        -: x\r
        --: ä\r
        Content-Length: 0\r
        \r

        """
    )
  }

  @Test("An error is answered with its reason, and the connection closes")
  func error() {
    let reply = Reply(RequestError(414, "too long"))
    #expect(reply.bytes.string.hasPrefix("HTTP/1.1 414 URI Too Long\r\n"))
    #expect(reply.bytes.string.hasSuffix("Connection: close\r\n\r\ntoo long\n"))
    #expect(reply.ending == .close)
  }

  @Test("Some faults need no handler, the others spoil its response")
  func handlerFree() {
    func reply(_ fault: ServerFault) -> Reply? {
      Reply(FaultScript.Hit(id: 3, fault: fault), as: form)
    }
    #expect(reply(.hang)?.ending == .hang(3))
    #expect(reply(.status(503, headers: ["Retry-After": "1"]))?.ending == .keepOpen)
    #expect(reply(.status(503))?.outcome == .fault(.status(503)))
    #expect(reply(.reset(.beforeHandler))?.ending == .reset)
    #expect(reply(.garbage(Data("?".utf8)))?.bytes == Array("?".utf8))
    let spoilers: [ServerFault] = [
      .reset(.afterHandler), .reset(.inBody), .truncatedBody, .drip(1, every: .zero),
    ]
    for fault in spoilers {
      #expect(reply(fault) == nil)
    }
  }

  @Test("A cut leaves half of the part it falls in")
  func cuts() {
    func text(
      _ fault: ServerFault,
      _ response: ServerResponse,
      _ method: String = "GET"
    ) -> String {
      let form = ResponseSerializer(to: .sample(method))
      return Reply(response, as: form, spoiltBy: fault).bytes.string
    }
    let whole = Reply(hello, as: form).bytes.string
    let empty = ServerResponse.status(200)
    #expect(text(.reset(.afterHandler), hello) == "")
    #expect(text(.reset(.inBody), hello) == String(whole.dropLast(3)))
    #expect(text(.truncatedBody, hello) == String(whole.dropLast(3)))
    #expect(text(.truncatedBody, empty).hasSuffix("Content-Length: 1024\r\n\r\n"))
    let headers = text(.reset(.inHeaders), hello)
    #expect(whole.hasPrefix(headers) && headers.utf8.count == (whole.utf8.count - 5) / 2)
    #expect(text(.truncatedBody, hello, "HEAD") == headers)
  }

  @Test("How a spoilt reply ends")
  func endings() {
    func reply(_ fault: ServerFault) -> Reply { Reply(hello, as: form, spoiltBy: fault) }
    #expect(reply(.reset(.inBody)).ending == .reset)
    #expect(reply(.truncatedBody).ending == .close)
    let drip = reply(.drip(2, every: .seconds(1)))
    #expect(drip.pace == Reply.Pace(bytes: 2, interval: .seconds(1)))
    #expect(drip.bytes == Reply(hello, as: form).bytes)
    #expect(drip.outcome == .fault(.drip(2, every: .seconds(1))))
  }
}
