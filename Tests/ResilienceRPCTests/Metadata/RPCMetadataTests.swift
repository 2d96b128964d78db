import Foundation
import Testing

@testable import ResilienceRPC

@Suite("Metadata")
struct RPCMetadataTests {
  @Test("Names compare without case, and a name may occur more than once")
  func names() {
    var metadata: RPCMetadata = ["X-One": "1", "x-one": "2", "y": "3"]
    #expect(metadata["x-ONE"] == "1")
    #expect(metadata.values(of: "X-one") == ["1", "2"])
    metadata["X-ONE"] = "4"
    #expect(metadata.values(of: "x-one") == ["4"])
    metadata["y"] = nil
    #expect(metadata.fields.map(\.name) == ["x-one"])
  }

  @Test("Merging replaces all values of a name")
  func merging() {
    let merged = (["a": "1", "a": "2", "b": "3"] as RPCMetadata).merging(["a": "4"])
    #expect(merged == ["b": "3", "a": "4"])
  }

  @Test("Bytes travel as base64 without padding and are read with it or without")
  func bytes() {
    var metadata = RPCMetadata()
    metadata.add("k-bin", bytes: Data([0xFB, 0xFF]))
    #expect(metadata["k-bin"] == "+/8")
    #expect(metadata.bytes(of: "k-bin") == Data([0xFB, 0xFF]))
    #expect((["k-bin": "+/8="] as RPCMetadata).bytes(of: "k-bin") == Data([0xFB, 0xFF]))
    #expect((["k-bin": "-_8"] as RPCMetadata).bytes(of: "k-bin") == Data([0xFB, 0xFF]))
    #expect((["k-bin": "+"] as RPCMetadata).bytes(of: "k-bin") == nil)
    #expect((["k-bin": ""] as RPCMetadata).bytes(of: "k-bin") == Data())
  }

  @Test("Base64 of any length comes back")
  func base64() {
    for length in 0..<70 {
      let bytes = Data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) })
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64.decode(Base64.encode(bytes, padded: true)) == bytes)
      #expect(Base64.decode(Base64.encodeForURL(bytes)) == bytes)
      #expect(
        Base64.encodeForURL(bytes).allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
      )
    }
  }

  @Test(
    "What may not stand in a header field is found before it is sent",
    arguments: [
      ("x y", "1"), ("", "1"), ("é", "1"), ("x:", "1"), ("x", "a\r\nb: c"), ("x", "\u{0}"),
      ("x", "é"), ("connect-timeout-ms", "1"), ("grpc-timeout", "1S"), ("content-type", "a/b"),
      ("host", "x"), ("transfer-encoding", "chunked"), ("TE", "trailers"), ("trailer", "x"),
      ("Content-Length", "1"), ("content-encoding", "gzip"), ("accept-encoding", "gzip"),
      ("connection", "close"), ("keep-alive", "1"), ("proxy-connection", "close"),
      ("upgrade", "h2c"), ("expect", "100-continue"), ("connect-x", "1"), ("Grpc-Status", "0"),
      ("k-bin", "!"), ("k-bin", "AQI,?"),
    ]
  )
  func invalid(name: String, value: String) throws {
    var metadata: RPCMetadata = ["fine": "yes"]
    metadata.add(name, value)
    let fault = #expect(throws: RPCFault.self) { try metadata.checked() }
    guard case .invalidMetadata(name.lowercased()) = fault else {
      Issue.record("another fault: \(String(describing: fault))")
      return
    }
  }

  @Test("A server leaves out what is not a handler's, and refuses what cannot be sent")
  func response() throws {
    let told: RPCMetadata = [
      "x-one": "1", "content-length": "9", "date": "now", "connect-a": "1", "grpc-status": "0",
      "trailer-x": "1", "grpc-retry-pushback-ms": "7", "k-bin": "AQ, Ag", "TE": "x",
    ]
    #expect(
      try told.ofResponse()
        == ["x-one": "1", "date": "now", "grpc-retry-pushback-ms": "7", "k-bin": "AQ, Ag"]
    )
    #expect(throws: RPCFault.self) { try (["x": "a\r\nb: c"] as RPCMetadata).ofResponse() }
    #expect(throws: RPCFault.self) { try (["x y": "1"] as RPCMetadata).ofResponse() }
  }

  @Test("Bytes that come joined are parted")
  func joined() {
    var metadata = RPCMetadata()
    metadata.add("K-Bin", received: "AQ, Ag==,Aw ")
    metadata.add("k", received: "1, 2")
    #expect(metadata.values(of: "k-bin") == ["AQ", "Ag==", "Aw"])
    #expect(metadata.values(of: "k") == ["1, 2"])
    for wrong in ["A", "AQ==AQ==", "A Q", "A\nQ", "é", "AQ=Q"] {
      #expect(Base64.decode(wrong) == nil, "\(wrong)")
    }
  }

  @Test("Names of methods have a service and a method")
  func methodNames() {
    #expect(RPCMethodName(path: "/a.b.C/D") == RPCMethodName(service: "a.b.C", method: "D"))
    #expect("\("a.b.C/D" as RPCMethodName)" == "a.b.C/D")
    for path in [
      "", "/", "a", "a/", "/a", "a/b/c", "a b/c", "//a/b", "a/b?c", "ä/b", "../b", "./b", "a/..",
      "a/.", ".a/b", "a./b", "a..b/c",
    ] {
      #expect(RPCMethodName(path: path) == nil, "\(path)")
    }
  }
}
