import Foundation
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Response collector")
struct ResponseCollectorTests {
  private func collector(_ limit: Int, _ method: String = "GET") throws -> ResponseCollector {
    ResponseCollector(origin: Origin(url: try url(), method: method), limit: limit)
  }

  private func url() throws -> URL { try #require(URL(string: "http://example.org/")) }

  private func head(_ status: Int, length: Int?) throws -> HTTPURLResponse {
    let fields = length.map { ["Content-Length": String($0)] }
    return try #require(
      HTTPURLResponse(
        url: try url(),
        statusCode: status,
        httpVersion: nil,
        headerFields: fields
      )
    )
  }

  @Test("A body as long as the bound passes, one more byte does not", arguments: [0, 1, 4, 1_000])
  func bound(limit: Int) throws {
    var collector = try collector(limit)
    try collector.begin(try head(200, length: nil))
    try collector.append(Data(count: limit))
    #expect(try collector.finish().body.count == limit)
    #expect(throws: ResponseTooLarge.self) { try collector.append(Data(count: 1)) }
  }

  @Test("The announced length is believed before a byte has come")
  func announced() throws {
    var collector = try collector(10)
    try collector.begin(try head(200, length: 10))
    #expect(throws: ResponseTooLarge.self) { try collector.begin(try head(200, length: 11)) }
  }

  @Test("What has no body may announce any length", arguments: [("HEAD", 200), ("GET", 304)])
  func bodiless(method: String, status: Int) throws {
    var collector = try collector(10, method)
    try collector.begin(try head(status, length: 1_000))
    #expect(try collector.finish().body.isEmpty)
  }

  @Test("A second response replaces the first")
  func second() throws {
    var collector = try collector(4)
    try collector.begin(try head(401, length: nil))
    try collector.append(Data("abcd".utf8))
    try collector.begin(try head(200, length: nil))
    try collector.append(Data("ef".utf8))
    let answer = try collector.finish()
    #expect(answer.status == 200)
    #expect(answer.excerpt == "ef")
  }

  @Test("The unbounded bound does not overflow")
  func unbounded() throws {
    var collector = try collector(.max)
    try collector.begin(try head(200, length: nil))
    try collector.append(Data("ab".utf8))
    #expect(try collector.finish().body.count == 2)
  }

  @Test("An excerpt is bounded, and a character that it cuts is replaced")
  func excerpt() throws {
    var collector = try collector(10_000)
    try collector.begin(try head(200, length: nil))
    try collector.append(Data(("a" + String(repeating: "é", count: 2_000)).utf8))
    let excerpt = try collector.finish().excerpt
    #expect(excerpt.unicodeScalars.count == 1 + 511 + 1)
    #expect(excerpt.hasSuffix("\u{FFFD}"))
  }

  @Test("An ending without a head, and one that is not HTTP, are errors")
  func noHead() throws {
    var collector = try collector(10)
    #expect(throws: URLError.self) { try collector.finish() }
    let other = URLResponse(
      url: try url(),
      mimeType: nil,
      expectedContentLength: 0,
      textEncodingName: nil
    )
    try collector.begin(other)
    #expect(throws: NotHTTP.self) { try collector.finish() }
  }
}
