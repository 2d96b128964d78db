import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceRPC

@Suite("Connect service")
struct RPCServerTests {
  private let service = RPCServer.users()
  private let getUser = "/acme.v1.UserService/GetUser"
  private let watch = "/acme.v1.UserService/WatchUsers"

  private func respond(
    _ method: String = "POST",
    _ path: String? = nil,
    query: [(name: String, value: String)] = [],
    _ headers: RPCMetadata = ["content-type": "application/json"],
    body: String = #"{"id":"7"}"#
  ) async -> (status: Int, headers: RPCMetadata, body: String) {
    let response = await service.respond(
      to: RPCServerRequest(
        method: method,
        path: path ?? getUser,
        query: query,
        headers: headers,
        body: Data(body.utf8)
      )
    )
    return (
      response.status, response.headers,
      String(decoding: await response.wholeBody(), as: UTF8.self)
    )
  }

  @Test("A call is answered with its message, its headers and its trailers")
  func unary() async {
    let response = await respond()
    #expect(response.status == 200)
    #expect(response.body == #"{"id":"7","name":"user 7"}"#)
    #expect(response.headers["content-type"] == "application/json")
    #expect(response.headers["x-shard"] == "3")
    #expect(response.headers["trailer-x-cost"] == "7")
  }

  @Test("An error is JSON with the status of its code, whatever the format of the request")
  func error() async {
    for type in ["application/json", "application/json; charset=utf-8"] {
      let response = await respond(["content-type": type], body: #"{"id":"100"}"#)
      #expect(response.status == 404)
      #expect(response.headers["content-type"] == "application/json")
      #expect(
        response.body
          == #"{"code":"not_found","details":[{"type":"acme.v1.User","value":"CAc"}],"message":"no user 100"}"#
      )
      #expect(response.headers["trailer-x-cost"] == "9")
    }
  }

  private func respond(
    _ headers: RPCMetadata,
    body: String
  ) async -> (status: Int, headers: RPCMetadata, body: String) {
    await respond("POST", nil, headers, body: body)
  }

  @Test("A GET has its message in the query, as text or as base64")
  func get() async {
    let text = await respond(
      "GET",
      query: [("connect", "v1"), ("encoding", "json"), ("message", #"{"id":"7"}"#)],
      [:]
    )
    #expect(text.status == 200)
    let coded = await respond(
      "GET",
      query: [("message", "CAc"), ("base64", "1"), ("encoding", "proto")],
      [:]
    )
    #expect(coded.status == 200)
    #expect(coded.body == "\u{8}\u{7}\u{12}\u{6}user 7")
  }

  @Test("What HTTP alone can say is said by its status")
  func http() async {
    #expect(await respond("POST", "/acme.v1.UserService/Nothing").status == 404)
    #expect(await respond("POST", "/").status == 404)
    let get = await respond("GET", "/acme.v1.UserService/CreateUser", [:])
    #expect(get.status == 405)
    #expect(get.headers["allow"] == "POST")
    #expect(await respond("PUT").headers["allow"] == "GET, POST")
    let type = await respond(["content-type": "application/xml"], body: "")
    #expect(type.status == 415)
    #expect(type.headers["accept-post"] == "application/json, application/proto")
    #expect(await respond("POST", watch).status == 415)
    #expect(
      await respond("GET", query: [("encoding", "xml"), ("message", "x")], [:]).status == 415
    )
  }

  @Test(
    "What is no call is an error with a code",
    arguments: [
      (["connect-timeout-ms": "soon"], "{}", "invalid_argument"),
      (["connect-timeout-ms": "12345678901"], "{}", "invalid_argument"),
      (["connect-protocol-version": "2"], "{}", "invalid_argument"),
      (["content-encoding": "gzip"], "{}", "unimplemented"),
      ([:], "nonsense", "invalid_argument"), ([:], #"{"id":"x"}"#, "invalid_argument"),
      (["connect-timeout-ms": "0"], "{}", "deadline_exceeded"),
    ] as [(RPCMetadata, String, String)]
  )
  func invalid(headers: RPCMetadata, body: String, code: String) async {
    let type: RPCMetadata = ["content-type": "application/json"]
    let response = await respond(type.merging(headers), body: body)
    #expect(response.body.hasPrefix(#"{"code":"\#(code)""#), "\(response.body)")
  }

  @Test("A message that is too long is refused")
  func tooLong() async {
    var limits = RPCLimits()
    limits.requestBytes = 5
    let service = RPCServer.users(limits: limits)
    let response = await service.respond(
      to: RPCServerRequest(
        method: "POST",
        path: getUser,
        headers: ["content-type": "application/json"],
        body: Data(#"{"id":"7"}"#.utf8)
      )
    )
    #expect(response.status == 429)
  }

  @Test("A stream is frames with an end, and fails in its end")
  func stream() async {
    let type: RPCMetadata = ["content-type": "application/connect+json"]
    func frames(_ body: Data) async -> [String] {
      let response = await service.respond(
        to: RPCServerRequest(method: "POST", path: watch, headers: type, body: body)
      )
      #expect(response.status == 200)
      var reader = FrameReader(limit: 1_000)
      reader.append(await response.wholeBody())
      var texts: [String] = []
      while let frame = try? reader.next() {
        texts.append("\(frame.flags) " + String(decoding: frame.payload, as: UTF8.self))
      }
      return texts
    }
    func framed(_ text: String) -> Data { Frame(payload: Data(text.utf8)).bytes }
    #expect(
      await frames(framed(#"{"count":1}"#))
        == [#"0 {"id":"1","name":"user 1"}"#, #"2 {"metadata":{"x-cost":["1"]}}"#]
    )
    #expect(
      await frames(framed(#"{"count":2,"failAfter":1}"#)).last
        == #"2 {"error":{"code":"data_loss","message":"the rest is gone"},"metadata":{"x-cost":["1"]}}"#
    )
    for body in [Data(), framed("{}") + framed("{}"), Data("{}".utf8), framed("{}").dropLast()] {
      let texts = await frames(body)
      #expect(texts.count == 1)
      #expect(texts.first?.hasPrefix(#"2 {"error":{"code":"invalid_argument""#) == true)
    }
  }

  @Test("Faults hit as often and where they are to, and end when they are healed")
  func faults() async {
    let twice = service.inject(RPCStatus(.unavailable), times: 2)
    let elsewhere = service.inject(RPCStatus(.internal), for: "acme.v1.UserService/CreateUser")
    #expect(await respond().status == 503)
    #expect(await respond().status == 503)
    #expect(await respond().status == 200)
    #expect(await respond("POST", "/acme.v1.UserService/CreateUser").status == 500)
    elsewhere.heal()
    elsewhere.heal()
    #expect(await respond("POST", "/acme.v1.UserService/CreateUser").status == 200)
    #expect(twice.hits == 2)
    #expect(elsewhere.hits == 1)
    #expect(service.callCount(of: "acme.v1.UserService/GetUser") == 3)
    #expect(service.callCount(of: "acme.v1.UserService/Nothing") == 0)
  }

  /// A service whose one method answers, or fails, with metadata of its own.
  private static func service(
    headers: RPCMetadata = [:],
    trailers: RPCMetadata = [:],
    fails: Bool = false,
    limits: RPCLimits = RPCLimits(),
    name: String = "x"
  ) -> RPCServer {
    RPCServer(limits: limits) {
      RPCHandler.unary(RPCMethod<GetPersonRequest, Person>.getUser) { _, info in
        let status = RPCStatus(.notFound, "no", headers: headers, trailers: trailers)
        if fails { throw status }
        let echoed: RPCMetadata = headers.isEmpty ? info.metadata : headers
        return RPCReply(Person(id: 1, name: name), headers: echoed, trailers: trailers)
      }
      RPCHandler.stream(RPCMethod<WatchRequest, Person>.watchUsers) { _, _, send in
        if fails { throw RPCStatus(.notFound, "no", trailers: trailers) }
        try await send(Person(id: 1, name: name))
        return trailers
      }
    }
  }

  private func answer(
    _ service: RPCServer,
    _ headers: RPCMetadata = [:]
  ) async -> (status: Int, headers: RPCMetadata, body: String) {
    let type: RPCMetadata = ["content-type": "application/json"]
    let response = await service.respond(
      to: RPCServerRequest(
        method: "POST",
        path: getUser,
        headers: type.merging(headers),
        body: Data("{}".utf8)
      )
    )
    let body = String(decoding: await response.wholeBody(), as: UTF8.self)
    return (response.status, response.headers, body)
  }

  private func lastFrame(_ service: RPCServer) async -> String {
    let response = await service.respond(
      to: RPCServerRequest(
        method: "POST",
        path: watch,
        headers: ["content-type": "application/connect+json"],
        body: Frame(payload: Data("{}".utf8)).bytes
      )
    )
    var reader = FrameReader(limit: 1_000)
    reader.append(await response.wholeBody())
    var last = ""
    while let frame = try? reader.next() { last = String(decoding: frame.payload, as: UTF8.self) }
    return last
  }

  @Test(
    "Metadata of a handler that cannot be sent makes the call fail, and does not get out",
    arguments: [
      ["x": "a\r\nSet-Cookie: b"], ["x": "a\nb"], ["x\r\ny": "1"], ["x y": "1"], ["x:": "1"],
      ["x": "\u{0}"], ["k-bin": "!"],
    ] as [RPCMetadata]
  )
  func injection(metadata: RPCMetadata) async {
    let expected = #"{"code":"internal","message":"the metadata "#
    for fails in [false, true] {
      for service in [
        Self.service(headers: metadata, fails: fails),
        Self.service(trailers: metadata, fails: fails),
      ] {
        let response = await answer(service)
        #expect(response.status == 500)
        #expect(response.headers == ["content-type": "application/json"])
        #expect(response.body.hasPrefix(expected), "\(response.body)")
      }
      let end = await lastFrame(Self.service(trailers: metadata, fails: fails))
      #expect(end.hasPrefix(#"{"error":"# + expected), "\(end)")
    }
  }

  @Test("What a handler hands on of another call does not change its own response")
  func handedOn() async {
    let told: RPCMetadata = [
      "content-type": "text/html", "content-length": "999", "connection": "close",
      "transfer-encoding": "chunked", "trailer-x": "1", "connect-x": "1", "grpc-status": "0",
      "x-shard": "3", "grpc-retry-pushback-ms": "5",
    ]
    for fails in [false, true] {
      let response = await answer(Self.service(headers: told, trailers: told, fails: fails))
      #expect(response.status == (fails ? 404 : 200))
      #expect(
        response.headers
          == [
            "x-shard": "3", "grpc-retry-pushback-ms": "5", "content-type": "application/json",
            "trailer-x-shard": "3", "trailer-grpc-retry-pushback-ms": "5",
          ]
      )
    }
    let echo = await answer(Self.service(), ["x-odd": "é", "a!b": "1", "x-one": "1"])
    #expect(echo.status == 200)
    #expect(echo.headers == ["x-one": "1", "content-type": "application/json"])
  }

  @Test("A message that is longer than a response may have is not sent")
  func longResponse() async {
    let service = Self.service(limits: .response(20), name: String(repeating: "x", count: 30))
    let response = await answer(service)
    #expect(response.status == 429)
    #expect(response.body.hasPrefix(#"{"code":"resource_exhausted""#))
    #expect(await lastFrame(service).hasPrefix(#"{"error":{"code":"resource_exhausted""#))
  }

  @Test("What a handler throws that is no status is UNKNOWN, and is not told")
  func unknownError() async {
    struct Secret: Error {}
    let service = RPCServer {
      RPCHandler.unary(RPCMethod<GetPersonRequest, Person>.getUser) { _, _ in throw Secret() }
    }
    let response = await service.respond(
      to: RPCServerRequest(
        method: "POST",
        path: getUser,
        headers: ["content-type": "application/json"],
        body: Data("{}".utf8)
      )
    )
    #expect(response.status == 500)
    #expect(String(decoding: await response.wholeBody(), as: UTF8.self) == #"{"code":"unknown"}"#)
  }
}
