import Testing

@testable import ResilienceTesting

@Suite("Request parser, sweeps")
struct RequestParserSweepTests {
  private static let limits = RequestParserTests.limits

  private static let wires = [
    "GET /a?b=c HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
    "\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhelloGET",
    RequestParserTests.chunked("3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n")
      + "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nHost : y\r\n\r\n",
    RequestParserTests.chunked("3\r\nabcd\r\n"),
    RequestParserTests.chunked("3\r\nab\r\n\n0\r\n\r\n"),
    "GET /" + String(repeating: "a", count: 80) + " HTTP/1.1\r\n\r\n",
  ]

  @Test("It makes no difference where the bytes are cut in two", arguments: wires)
  func twoPieces(_ wire: String) {
    let bytes = Array(wire.utf8)
    let whole = RequestParser.results(of: [bytes], limits: Self.limits)
    for cut in 0...bytes.count {
      let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
      #expect(RequestParser.results(of: pieces, limits: Self.limits) == whole, "cut at \(cut)")
    }
  }

  @Test("Byte by byte makes no difference either", arguments: wires)
  func byteByByte(_ wire: String) {
    let bytes = Array(wire.utf8)
    let whole = RequestParser.results(of: [bytes], limits: Self.limits)
    #expect(RequestParser.results(of: bytes.map { [$0] }, limits: Self.limits) == whole)
  }

  @Test("20 000 damaged requests neither crash it nor fill its buffer")
  func mutations() throws {
    for seed in 0..<(isMeasuring ? 20_000 : 4_000) as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let bytes = Self.damaged(using: &random)
      var parser = RequestParser(limits: Self.limits)
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...64, using: &random))
        rest = rest.dropFirst(piece.count)
        parser.append(piece)
        while let event = try? parser.next() {
          guard case .request(let request) = event else { continue }
          try #require(request.body.count <= Self.limits.bodyBytes, "seed \(seed)")
        }
        try #require(parser.pendingBytes <= 260, "seed \(seed)")
      }
    }
  }

  @Test("A damaged request gives the same results in one piece and byte by byte")
  func mutationsInPieces() throws {
    for seed in 0..<1_000 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let bytes = Self.damaged(using: &random)
      let whole = RequestParser.results(of: [bytes], limits: Self.limits)
      let single = RequestParser.results(of: bytes.map { [$0] }, limits: Self.limits)
      try #require(whole == single, "seed \(seed)")
    }
  }

  /// One of the wires with up to eight bytes replaced, removed, doubled or put in.
  private static func damaged(using random: inout SplitMix64) -> [UInt8] {
    var bytes = Array(wires[Int.random(in: wires.indices, using: &random)].utf8)
    let suspects = Array("\r\n :;,%0aF\u{0}\t".utf8) + [0xFF, 0x80]
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let index = Int.random(in: bytes.indices, using: &random)
      let suspect = suspects[Int.random(in: suspects.indices, using: &random)]
      switch Int.random(in: 0...4, using: &random) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(suspect, at: index)
      case 3: bytes[index] = suspect
      default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
      }
    }
    return bytes
  }
}
