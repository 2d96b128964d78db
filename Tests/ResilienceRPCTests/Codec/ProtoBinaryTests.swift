import Foundation
import Testing

@testable import ResilienceRPC

@Suite("Binary format")
struct ProtoBinaryTests {
  /// What a value is as field 1 of a message, in hexadecimal digits.
  private func hex(_ value: some Codable & Sendable) throws -> String {
    try ProtoBinary.encode(Holder(value: value)).map { String(format: "%02x", $0) }.joined()
  }

  private func read<Value: Codable & Sendable>(_ hex: String, as type: Value.Type) throws -> Value {
    try ProtoBinary.decode(Holder<Value>.self, from: Data(hex: hex)).value
  }

  @Test("The examples of the specification")
  func examples() throws {
    #expect(try hex(Int32(150)) == "089601")
    #expect(try hex("testing") == "0a0774657374696e67")
    #expect(try hex(Holder(value: Int32(150))) == "0a03089601")
    #expect(try hex([Int32(3), 270, 86_942]) == "0a06038e029ea705")
    #expect(try hex(Int32(-2)) == "08feffffffffffffffff01")
    #expect(try hex(Int64(-2)) == "08feffffffffffffffff01")
  }

  @Test("Zigzag and fixed length have their own wire types")
  func markers() throws {
    #expect(try hex(ZigZag(Int32(-1))) == "0801")
    #expect(try hex(ZigZag(Int32(1))) == "0802")
    #expect(try hex(ZigZag(Int32.max)) == "08feffffff0f")
    #expect(try hex(ZigZag(Int32.min)) == "08ffffffff0f")
    #expect(try hex(ZigZag(Int64.min)) == "08ffffffffffffffffff01")
    #expect(try hex(Fixed(UInt32(1))) == "0d01000000")
    #expect(try hex(Fixed(Int32(-1))) == "0dffffffff")
    #expect(try hex(Fixed(UInt64(1))) == "090100000000000000")
    #expect(try hex(Float(1)) == "0d0000803f")
    #expect(try hex(1.0) == "09000000000000f03f")
    #expect(try hex(-0.0) == "090000000000000080")
  }

  /// A message without fields: what the compiler writes for it opens no container.
  private struct Marker: Codable, Hashable {}

  /// A message that does not look at its fields.
  private struct Deaf: Codable, Hashable {
    init(from decoder: any Decoder) {}
  }

  @Test("A list of messages without fields has one element for each that was sent")
  func messagesWithoutFields() throws {
    #expect(try read("0a000a00", as: [Marker].self).count == 2)
    #expect(try read("0a000a00", as: Set<Marker>.self).count == 1)
    #expect(try read("0a000a020801", as: [Deaf].self).count == 2)
    #expect(try read("", as: [Marker].self).isEmpty)
    // Payloads of another wire type are none.
    #expect(try read("08010a000802", as: [Marker].self).count == 1)
  }

  @Test("Zero is not sent unless it is optional")
  func presence() throws {
    #expect(try hex(Int32(0)) == "")
    #expect(try hex("") == "")
    #expect(try hex(Int32?(0)) == "0800")
    #expect(try hex(String?("")) == "0a00")
    #expect(try hex(Int32?.none) == "")
    #expect(try read("", as: Int32?.self) == nil)
    #expect(try read("0800", as: Int32?.self) == 0)
    #expect(try read("", as: Int32.self) == 0)
    #expect(try read("", as: Holder<Int32>.self) == Holder(value: 0))
    #expect(try read("", as: Holder<Int32>?.self) == nil)
    #expect(try hex(Holder(value: Int32(0))) == "0a00")
    #expect(try hex(RPCEmpty()) == "0a00")
    #expect(try ProtoBinary.encode(RPCEmpty()).isEmpty)
  }

  @Test("Enumerations of all sorts are numbers")
  func enumerations() throws {
    #expect(try hex(Color.red) == "0801")
    #expect(try read("0809", as: Color.self).rawValue == 9)
    #expect(try hex(Size.large) == "0801")
    #expect(try hex(Plain.two) == "0802")
    #expect(try hex(Plain.zero) == "")
    #expect(try hex(Plain?.some(.zero)) == "0800")
    #expect(try read("0802", as: Plain.self) == .two)
    #expect(try read("", as: Plain.self) == .zero)
    #expect(try hex([Plain.one, .zero]) == "0a020100")
    #expect(try read("0a020100", as: [Plain].self) == [.one, .zero])
    #expect(throws: ProtoError.unknownEnumValue(type: "Size", value: "7")) {
      try read("0807", as: Size.self)
    }
  }

  @Test("Lists are read packed or not, in pieces, and mixed")
  func lists() throws {
    #expect(try read("0801 0802", as: [Int32].self) == [1, 2])
    #expect(try read("0a0101 0802 0a020304 0a00", as: [Int32].self) == [1, 2, 3, 4])
    #expect(
      try read("0d01000000 0a0802000000 03000000", as: [Fixed<UInt32>].self).map(\.wrappedValue)
        == [1, 2, 3]
    )
    #expect(try hex(["a", ""]) == "0a01610a00")
    #expect(try read("0a0161 0a00", as: [String].self) == ["a", ""])
    #expect(
      try read("0a020801 0a00", as: [Holder<Int32>].self) == [Holder(value: 1), Holder(value: 0)]
    )
    #expect(try read("0801 0802", as: Set<Int32>.self) == [1, 2])
    #expect(try hex([Data([1]), Data()]) == "0a01010a00")
  }

  @Test("The last of several values counts, and messages are merged")
  func repetition() throws {
    #expect(try read("0801 0802", as: Int32.self) == 2)
    #expect(try read("0801 0802", as: Int32?.self) == 2)
    struct Pair: Codable, Equatable, Sendable {
      enum CodingKeys: Int, CodingKey { case a = 1, b = 2 }
      var a: Int32
      var b: Int32
    }
    #expect(try read("0a020801 0a021002", as: Pair.self) == Pair(a: 1, b: 2))
  }

  @Test("Maps are pairs, the same bytes for equal ones, and the last of a key counts")
  func maps() throws {
    #expect(try hex(["b": Int32(2), "a": 1]) == "0a050a016110010a050a01621002")
    #expect(try read("0a050a01611001 0a050a01611002", as: [String: Int32].self) == ["a": 2])
    #expect(try read("0a00", as: [String: Int32].self) == ["": 0])
    #expect(try read("0a021007", as: [Int64: Int32].self) == [0: 7])
    #expect(try hex([true: "x"]) == "0a0508011201 78".replacing(" ", with: ""))
    let many = Dictionary(uniqueKeysWithValues: (0..<50).map { ("k\($0)", Int32($0)) })
    let again = Dictionary(uniqueKeysWithValues: many.shuffled().map { ($0.key, $0.value) })
    #expect(try hex(many) == hex(again))
  }

  @Test("Fields that are not known are skipped, groups and other wire types among them")
  func unknown() throws {
    #expect(try read("1005 1a0161 0801 25ffffffff 29ffffffffffffffff", as: Int32.self) == 1)
    #expect(try read("13 0802 1b 1c 14 0801", as: Int32.self) == 1)
    #expect(try read("0d01000000", as: Int32.self) == 0)
    #expect(try read("0d01000000", as: Int32?.self) == nil)
    #expect(try read("0d01000000 0802", as: [Int32].self) == [2])
    #expect(try read("0801", as: [Holder<Int32>].self) == [])
    #expect(try read("0801", as: [String].self) == [])
  }

  @Test("A field of another wire type is absent, whatever the field is")
  func otherWireType() throws {
    for wrong in ["0801", "0d01000000", "090100000000000000"] {
      #expect(try read(wrong, as: Holder<Int32>?.self) == nil)
      #expect(try read(wrong, as: Holder<Int32>.self) == Holder(value: 0))
      #expect(try read(wrong, as: String?.self) == nil)
      #expect(try read(wrong, as: Data?.self) == nil)
      #expect(try read(wrong, as: [Int32: Int32].self) == [:])
    }
    for wrong in ["0a020801", "0d01000000", "090100000000000000"] {
      #expect(try read(wrong, as: Color?.self) == nil)
      #expect(try read(wrong, as: Size?.self) == nil)
      #expect(try read(wrong, as: Plain?.self) == nil)
      #expect(try read(wrong, as: Positive?.self) == nil)
      #expect(try read(wrong, as: Size.self) == .unspecified)
      #expect(try read(wrong, as: Bool?.self) == nil)
    }
    // What fits counts, before or after.
    #expect(try read("0801 0a020803", as: Holder<Int32>?.self) == Holder(value: 3))
    #expect(try read("0a020803 0801", as: Holder<Int32>?.self) == Holder(value: 3))
    #expect(try read("0802 0d01000000", as: Plain?.self) == .two)
    // A message within that is absent does not take the outer one with it.
    #expect(
      try read("0a020801", as: Holder<Holder<Int32>?>?.self) == Holder(value: nil)
    )
  }

  /// An enumeration without a value for zero.
  private enum Positive: Int, Codable { case one = 1 }

  @Test("Narrow integers drop what they have no room for, as other readers do")
  func truncation() throws {
    #expect(try read("08ffffffffffffffffff01", as: Int32.self) == -1)
    #expect(try read("088080808010", as: Int32.self) == 0)
    #expect(try read("088080808010", as: UInt32.self) == 0)
    #expect(try read("0802", as: Bool.self))
    #expect(throws: ProtoError.outOfRange(type: "Int8")) { try read("088001", as: Int8.self) }
    #expect(try read("087f", as: Int8.self) == 127)
  }

  @Test(
    "Bytes that are no message are an error that says why",
    arguments: [
      ("08", ProtoError.truncated), ("0880", .truncated), ("0a05616263", .truncated),
      ("0d010000", .truncated), ("0901000000000000", .truncated),
      ("08ffffffffffffffffffff01", .invalidInteger), ("0001", .invalidTag(0)),
      ("0e", .invalidTag(14)), ("0f", .invalidTag(15)), ("0c", .unexpectedGroupEnd),
      ("0b", .truncated), ("0b14", .unexpectedGroupEnd), ("808080808001", .invalidTag(1 << 35)),
      ("0affffffffffffffffff01", .truncated),
    ]
  )
  func malformed(hex: String, error: ProtoError) {
    #expect(throws: error) { try read(hex, as: Int32.self) }
  }

  @Test("Text that is no UTF-8 is an error, and so is a number cut short in a list")
  func malformedValues() {
    #expect(throws: ProtoError.invalidText) { try read("0a01ff", as: String.self) }
    #expect(throws: ProtoError.invalidText) { try read("0a02c080", as: [String].self) }
    #expect(throws: ProtoError.truncated) { try read("0a0180", as: [Int32].self) }
    #expect(throws: ProtoError.truncated) { try read("0a03010000", as: [Fixed<UInt32>].self) }
  }

  @Test("Types that the format has no place for are errors, not traps")
  func unsupported() {
    #expect(throws: ProtoError.unsupported("a list in a list")) { try hex([[Int32(1)]]) }
    #expect(throws: ProtoError.unsupported("a map in a list")) { try hex([["a": Int32(1)]]) }
    #expect(throws: ProtoError.unsupported("a list that is no field")) {
      try ProtoBinary.encode([Int32(1)])
    }
    #expect(throws: ProtoError.unsupported("a value that is no message")) {
      try ProtoBinary.encode(Int32(1))
    }
    struct Unnumbered: Codable { var name = "x" }
    #expect(throws: ProtoError.noFieldNumber(key: "name")) { try ProtoBinary.encode(Unnumbered()) }
    #expect(throws: ProtoError.noFieldNumber(key: "name")) {
      try ProtoBinary.decode(Unnumbered.self, from: Data([8, 1]))
    }
    struct Beyond: Codable {
      enum CodingKeys: Int, CodingKey { case a = 536_870_912 }
      var a: Int32 = 1
    }
    #expect(throws: ProtoError.noFieldNumber(key: "a")) { try ProtoBinary.encode(Beyond()) }
  }

  @Test("Types whose own form nobody else would understand are errors that say what to use")
  func unmapped() throws {
    func refusal(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "none"
      } catch ProtoError.unsupported(let text) {
        return text
      } catch {
        return "\(error)"
      }
    }
    func refusals<Value: Codable & Sendable>(_ value: Value) -> [String] {
      [
        refusal { _ = try ProtoBinary.encode(Holder(value: value)) },
        refusal { _ = try ProtoBinary.encode(Holder(value: Value?.some(value))) },
        refusal { _ = try ProtoBinary.encode(Holder(value: [value])) },
        refusal { _ = try ProtoBinary.encode(Holder(value: ["a": value])) },
        refusal { _ = try read("0a00", as: Value.self) },
        refusal { _ = try read("", as: Value.self) },
        refusal { _ = try read("0a00", as: Value?.self) },
        refusal { _ = try read("0a00", as: [Value].self) },
        refusal { _ = try ProtoJSON.encode(Holder(value: value)) },
        refusal { _ = try ProtoJSON.encode(Holder(value: [value])) },
        refusal { _ = try ProtoJSON.encode(Holder(value: ["a": value])) },
        refusal {
          _ = try ProtoJSON.decode(Holder<Value>.self, from: Data(#"{"value":1}"#.utf8))
        },
        refusal { _ = try ProtoJSON.decode(Holder<Value>.self, from: Data("{}".utf8)) },
      ]
    }
    for text in refusals(Date(timeIntervalSince1970: 0)) {
      #expect(text.contains("google.protobuf.Timestamp"), "\(text)")
      #expect(text.contains("seconds = 1 (Int64)"))
    }
    for text in refusals(Duration.seconds(1)) {
      #expect(text.contains("google.protobuf.Duration"), "\(text)")
    }
    for text in refusals(URL(filePath: "/")) { #expect(text.contains("absoluteString"), "\(text)") }
    for text in refusals(Decimal(1)) { #expect(text.contains("description"), "\(text)") }
    for text in refusals([1.5: Int32(1)]) where !text.hasPrefix("a map in a list") {
      #expect(text.contains("the key of a map"), "\(text)")
    }
    // Nothing was sent, so there is nothing to refuse.
    #expect(try read("", as: Date?.self) == nil)
  }

  @Test("Nesting is bounded both ways")
  func depth() throws {
    func nested(_ depth: Int) -> Everything.Inner {
      (0..<depth).reduce(Everything.Inner(name: "x")) { inner, _ in .init(child: [inner]) }
    }
    let deep = try ProtoBinary.encode(nested(100))
    #expect(try ProtoBinary.decode(Everything.Inner.self, from: deep) == nested(100))
    #expect(throws: ProtoError.tooDeep) { try ProtoBinary.encode(nested(101)) }
    // A message in the only field of another, ten thousand times.
    var bytes: [UInt8] = []
    for _ in 0..<10_000 {
      var writer = WireWriter()
      writer.tag(3, .bytes)
      writer.bytes(bytes)
      bytes = writer.output
    }
    #expect(throws: ProtoError.tooDeep) {
      try ProtoBinary.decode(Everything.Inner.self, from: Data(bytes))
    }
    #expect(throws: ProtoError.tooDeep) {
      try ProtoBinary.decode(
        Everything.Inner.self,
        from: Data(repeating: 0x0B, count: 10_000)
      )
    }
  }

  @Test("A class that holds another of its kind is an error, not an endless descent")
  func endlessType() {
    final class Node: Codable, Sendable {
      enum CodingKeys: Int, CodingKey { case next = 1 }
      let next: Node
      init(next: Node) { self.next = next }
    }
    #expect(throws: ProtoError.tooDeep) { try ProtoBinary.decode(Node.self, from: Data()) }
  }

  @Test("What is written is read, for any message")
  func roundTrip() async throws {
    var generator = SeededGenerator(seed: 7)
    for round in 0..<(isSoaking ? 20_000 : 500) {
      await Task.yield()
      let message = Everything.random(using: &generator)
      let bytes = try ProtoBinary.encode(message)
      #expect(try ProtoBinary.decode(Everything.self, from: bytes) == message, "round \(round)")
      #expect(try ProtoBinary.encode(message) == bytes)
    }
  }

  @Test("Bytes that were changed give a message or an error of the format, never a trap")
  func mutation() async throws {
    var generator = SeededGenerator(seed: 11)
    var (read, refused) = (0, 0)
    var bytes = Data()
    for round in 0..<(isSoaking ? 100_000 : 3_000) {
      if round % 10 == 0 {
        await Task.yield()
        bytes = try ProtoBinary.encode(Everything.random(using: &generator))
      }
      let mutated = bytes.mutated(using: &generator)
      do {
        _ = try ProtoBinary.decode(Everything.self, from: mutated)
        read += 1
      } catch is ProtoError {
        refused += 1
      } catch {
        Issue.record("round \(round): \(error)")
      }
    }
    #expect(read > 0 && refused > 0, "\(read) read, \(refused) refused")
  }
}

extension Data {
  init(hex: String) {
    let digits = hex.filter { !$0.isWhitespace }
    self.init()
    var rest = digits[...]
    while !rest.isEmpty {
      append(UInt8(rest.prefix(2), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
  }

  /// The bytes with one to four changes: another byte, one more, one less, or the end cut off.
  func mutated(using generator: inout SeededGenerator) -> Data {
    var bytes = Array(self)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      let byte = UInt8.random(in: 0...255, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0 where place < bytes.count: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      case 2 where place < bytes.count: bytes.remove(at: place)
      default: bytes.removeLast(Swift.min(bytes.count, Int(byte % 4)))
      }
    }
    return Data(bytes)
  }
}
