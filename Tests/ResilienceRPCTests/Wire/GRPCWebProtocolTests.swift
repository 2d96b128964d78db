import Foundation
import Testing

@testable import ResilienceRPC

@Suite("Responses of gRPC-Web")
struct GRPCWebProtocolTests {
  private let wire = GRPCWebProtocol()

  private func head(_ fields: RPCMetadata = [:], status: Int = 200) -> WireHead {
    let type: RPCMetadata = ["content-type": "application/grpc-web+proto"]
    return WireHead(status: status, fields: type.merging(fields))
  }

  private func trailers(_ text: String, flags: UInt8 = 0x80) -> Data {
    Frame(flags: flags, payload: Data(text.utf8)).bytes
  }

  private func unary(
    _ body: Data,
    _ head: WireHead? = nil
  ) throws(RPCFault) -> (message: Data?, end: WireEnd) {
    try wire.unary(head ?? self.head(), body, format: .proto, limits: .response(100))
  }

  private let message = Frame(payload: Data([1, 2])).bytes

  @Test("A message and trailers are a success")
  func success() throws {
    let body = message + trailers("grpc-status: 0\r\ngrpc-message: \r\nx-cost:7\r\n")
    let (message, end) = try unary(body)
    #expect(message == Data([1, 2]))
    #expect(end.failure == nil)
    #expect(end.trailers == ["x-cost": "7"])
  }

  @Test("A status in the trailers is a failure, with its message decoded")
  func failure() throws {
    let text = "grpc-status:5\r\ngrpc-message:no%20user%3A %C3%A9 100%\r\nX-Cost: 9\r\n"
    for body in [trailers(text), message + trailers(text)] {
      let end = try unary(body).end
      #expect(end.failure?.code == .notFound)
      #expect(end.failure?.message == "no user: é 100%")
      #expect(end.trailers == ["x-cost": "9"])
    }
  }

  @Test("Lines of trailers end with a line feed, and with nothing else")
  func lines() throws {
    let message = "a\u{2028}b\u{0B}c\u{85}d\re"
    let text = "GRPC-Status: 5\nGrpc-Message:\t\(message) \r\n\r\n\nX-Cost-Bin: AQ, Ag==\n"
    let end = try unary(trailers(text)).end
    #expect(end.failure?.code == .notFound)
    #expect(end.failure?.message == message)
    #expect(end.trailers == ["x-cost-bin": "AQ", "x-cost-bin": "Ag=="])
    var bytes = Data("grpc-status:7\r\ngrpc-message:x".utf8)
    bytes.append(0xFF)
    let failure = try unary(Frame(flags: 0x80, payload: bytes).bytes).end.failure
    #expect(failure?.code == .permissionDenied)
    #expect(failure?.message == "x\u{FFFD}")
  }

  @Test(
    "What is no percent-encoding stands for itself",
    arguments: [
      ("%+F", "%+F"), ("%-1", "%-1"), ("% 1", "% 1"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"),
      ("%4g%41", "%4gA"), ("%%41", "%A"), ("%c3%A9", "é"), ("%FF", "\u{FFFD}"), ("é", "é"),
      ("%25", "%"),
    ]
  )
  func percentDecoding(text: String, decoded: String) {
    #expect(GRPCTrailers.percentDecoded(text) == decoded)
  }

  @Test("Trailers have a bound of their own, whatever that of messages is")
  func trailersBound() throws {
    func limits(_ bytes: Int) -> RPCLimits { .response(bytes) }
    func end(_ count: Int, _ limits: RPCLimits) throws(RPCFault) -> WireEnd {
      let text = "grpc-status:0\r\nx:" + String(repeating: "y", count: count) + "\r\n"
      return try wire.unary(head(), message + trailers(text), format: .proto, limits: limits).end
    }
    #expect(try end(1_000, limits(2)).trailers["x"]?.count == 1_000)
    for bytes in [2, 4 * 1_024 * 1_024] {
      let fault = #expect(throws: RPCFault.self) { try end(RPCLimits.endBytes, limits(bytes)) }
      guard case .responseTooLarge(RPCLimits.endBytes) = fault else {
        Issue.record("\(String(describing: fault))")
        return
      }
    }
  }

  @Test("Trailers may be the headers of a response without a body")
  func trailersOnly() throws {
    let head = head(["grpc-status": "16", "grpc-message": "who?", "x-cost": "1"])
    let end = try unary(Data(), head).end
    #expect(end.failure?.code == .unauthenticated)
    #expect(end.failure?.message == "who?")
    #expect(wire.headers(of: head)["grpc-status"] == nil)
  }

  @Test("Details are those of google.rpc.Status")
  func details() throws {
    // { code: 5, message: "x", details: [{ type_url: "t/a.B", value: 08 07 }] }, by hand.
    let status = Data(hex: "0805 120178 1a0b 0a05742f612e42 12020807")
    let text = "grpc-status:5\r\ngrpc-status-details-bin:\(Base64.encode(status))\r\n"
    let failure = try unary(trailers(text)).end.failure
    #expect(failure?.details == [RPCDetail(type: "a.B", bytes: Data([0x08, 0x07]))])
    let broken = try unary(trailers("grpc-status:5\r\ngrpc-status-details-bin:/w\r\n")).end.failure
    #expect(broken?.details == [])
    #expect(broken?.code == .notFound)
  }

  @Test("A code that is not known is UNKNOWN")
  func unknownCode() throws {
    #expect(try unary(trailers("grpc-status:17\r\n")).end.failure?.code == .unknown)
    #expect(try unary(trailers("grpc-status:-1\r\n")).end.failure?.code == .unknown)
  }

  @Test("A status of HTTP without one of gRPC is that of something in between")
  func http() throws {
    let failure = try unary(Data("busy".utf8), WireHead(status: 503, fields: [:])).end.failure
    #expect(failure?.code == .unavailable)
    guard case .http(status: 503) = failure?.origin else {
      Issue.record("not of HTTP")
      return
    }
  }

  @Test("What is no response of the protocol is a fault")
  func faults() throws {
    func fault(_ body: Data, _ head: WireHead? = nil) -> String {
      do throws(RPCFault) {
        _ = try unary(body, head)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    let ok = trailers("grpc-status:0\r\n")
    #expect(fault(Data()) == "\(RPCFault.truncatedResponse)")
    #expect(fault(message) == "\(RPCFault.truncatedResponse)")
    #expect(fault((message + ok).dropLast()) == "\(RPCFault.truncatedResponse)")
    #expect(fault(ok) == "\(RPCFault.messageCount(0))")
    #expect(fault(message + message + ok) == "\(RPCFault.messageCount(2))")
    #expect(fault(message + ok + message) == "\(RPCFault.invalidFrame(flags: 0x80))")
    #expect(
      fault(Frame(flags: 1, payload: Data([1])).bytes + ok) == "\(RPCFault.compressedMessage)"
    )
    #expect(fault(trailers("", flags: 0x81)) == "\(RPCFault.compressedMessage)")
    #expect(fault(Frame(flags: 4, payload: Data()).bytes) == "\(RPCFault.invalidFrame(flags: 4))")
    #expect(fault(trailers("grpc-message:x\r\n")) == "\(RPCFault.invalidEnd)")
    #expect(fault(trailers("grpc-status:x\r\n")) == "\(RPCFault.invalidEnd)")
    #expect(fault(trailers("grpc-status:+5\r\n")) == "\(RPCFault.invalidEnd)")
    #expect(fault(trailers(": x\r\n")) == "\(RPCFault.invalidEnd)")
    #expect(fault(trailers("nonsense\r\n")) == "\(RPCFault.invalidEnd)")
    #expect(fault(Frame(flags: 0x80, payload: Data([0xFF])).bytes) == "\(RPCFault.invalidEnd)")
    #expect(
      fault(Frame(payload: Data(count: 101)).bytes + ok)
        == "\(RPCFault.responseTooLarge(limit: 100))"
    )
    let page = WireHead(status: 200, fields: ["content-type": "text/html; charset=utf-8"])
    #expect(fault(Data(), page) == "\(RPCFault.unexpectedContentType("text/html"))")
    let json = WireHead(status: 200, fields: ["content-type": "application/grpc-web+json"])
    #expect(
      fault(message + ok, json) == "\(RPCFault.unexpectedContentType("application/grpc-web+json"))"
    )
  }

  @Test("Changed bytes are a response or a fault, never a trap")
  func mutation() throws {
    var generator = SeededGenerator(seed: 2)
    let body = message + trailers("grpc-status:5\r\ngrpc-message:a%20b\r\nx-cost-bin:AQI\r\n")
    var outcomes: Set<Bool> = []
    for _ in 0..<(isSoaking ? 100_000 : 2_000) {
      let mutated = body.mutated(using: &generator)
      do throws(RPCFault) {
        _ = try unary(mutated)
        outcomes.insert(true)
      } catch {
        outcomes.insert(false)
      }
    }
    #expect(outcomes.count == 2)
  }
}
