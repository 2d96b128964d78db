import Foundation
import ResilienceRPC

/// A message with a field of each kind; `everything.proto` of the peers says the same.
struct Everything: Codable, Hashable, RPCMessage {
  struct Inner: Codable, Hashable {
    enum CodingKeys: Int, CodingKey { case name = 1, count = 2, child = 3 }

    var name = ""
    var count: Int64 = 0
    var child: [Inner] = []
  }

  enum CodingKeys: Int, CodingKey {
    case int32 = 1, int64 = 2, uint32 = 3, uint64 = 4, sint32 = 5, sint64 = 6, fixed32 = 7
    case fixed64 = 8, sfixed32 = 9, sfixed64 = 10, bool = 11, float = 12, double = 13, text = 14
    case bytes = 15, color = 16, inner = 17
    case optionalInt32 = 20, optionalText = 21, optionalBool = 22, optionalColor = 23
    case int32List = 30, int64List = 31, uint64List = 32, sint64List = 33, fixed32List = 34
    case sfixed64List = 35, boolList = 36, floatList = 37, doubleList = 38, textList = 39
    case bytesList = 40, colorList = 41, innerList = 42
    case textToInt = 50, intToText = 51, boolToInner = 52, zigZagToColor = 53, fixedToBytes = 54
    case far = 536_870_911
  }

  var int32: Int32 = 0
  var int64: Int64 = 0
  var uint32: UInt32 = 0
  var uint64: UInt64 = 0
  @ZigZag var sint32: Int32 = 0
  @ZigZag var sint64: Int64 = 0
  @Fixed var fixed32: UInt32 = 0
  @Fixed var fixed64: UInt64 = 0
  @Fixed var sfixed32: Int32 = 0
  @Fixed var sfixed64: Int64 = 0
  var bool = false
  var float: Float = 0
  var double: Double = 0
  var text = ""
  var bytes = Data()
  var color = Color(rawValue: 0)
  var inner: Inner?
  var optionalInt32: Int32?
  var optionalText: String?
  var optionalBool: Bool?
  var optionalColor: Color?
  var int32List: [Int32] = []
  var int64List: [Int64] = []
  var uint64List: [UInt64] = []
  var sint64List: [ZigZag<Int64>] = []
  var fixed32List: [Fixed<UInt32>] = []
  var sfixed64List: [Fixed<Int64>] = []
  var boolList: [Bool] = []
  var floatList: [Float] = []
  var doubleList: [Double] = []
  var textList: [String] = []
  var bytesList: [Data] = []
  var colorList: [Color] = []
  var innerList: [Inner] = []
  var textToInt: [String: Int32] = [:]
  var intToText: [Int64: String] = [:]
  var boolToInner: [Bool: Inner] = [:]
  var zigZagToColor: [ZigZag<Int32>: Color] = [:]
  var fixedToBytes: [Fixed<UInt64>: Data] = [:]
  var far: Int32 = 0
}

/// An open enumeration.
struct Color: ProtoEnum {
  let rawValue: Int32

  init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  static let red = Color(rawValue: 1)
  static let names: [Int32: String] = [0: "COLOR_UNSPECIFIED", 1: "COLOR_RED", 2: "COLOR_BLUE"]
}

/// A closed enumeration.
enum Size: Int32, ProtoEnum {
  case unspecified = 0
  case large = 1

  static let names: [Int32: String] = [0: "SIZE_UNSPECIFIED", 1: "SIZE_LARGE"]
}

/// An enumeration with raw values that no schema names.
enum Plain: Int, Codable {
  case zero, one, two
}

struct Holder<Value: Codable & Sendable>: Codable, RPCMessage {
  enum CodingKeys: Int, CodingKey { case value = 1 }

  var value: Value
}

extension Holder: Equatable where Value: Equatable {}

extension Everything {
  /// A message with values drawn from a generator; zero and the ends of ranges are frequent.
  static func random(using generator: inout SeededGenerator) -> Everything {
    var made = Everything()
    func some<T>(_ make: (inout SeededGenerator) -> T) -> [T] {
      guard Bool.random(using: &generator) else { return [] }
      return (0..<Int.random(in: 0...4, using: &generator)).map { _ in make(&generator) }
    }
    func maybe(_ change: (inout SeededGenerator) -> Void) {
      if Int.random(in: 0..<3, using: &generator) == 0 { change(&generator) }
    }
    maybe { made.int32 = .edgy(&$0) }
    maybe { made.int64 = .edgy(&$0) }
    maybe { made.uint32 = .edgy(&$0) }
    maybe { made.uint64 = .edgy(&$0) }
    maybe { made.sint32 = .edgy(&$0) }
    maybe { made.sint64 = .edgy(&$0) }
    maybe { made.fixed32 = .edgy(&$0) }
    maybe { made.fixed64 = .edgy(&$0) }
    maybe { made.sfixed32 = .edgy(&$0) }
    maybe { made.sfixed64 = .edgy(&$0) }
    maybe { made.bool = .random(using: &$0) }
    maybe { made.float = Float(bitPattern: .edgy(&$0)).notNaN }
    maybe { made.double = Double(bitPattern: .edgy(&$0)).notNaN }
    maybe { made.text = .edgy(&$0) }
    maybe { made.bytes = .edgy(&$0) }
    maybe { made.color = .edgy(&$0) }
    maybe { made.inner = .edgy(&$0, depth: 3) }
    maybe { made.optionalInt32 = .edgy(&$0) }
    maybe { made.optionalText = .edgy(&$0) }
    maybe { made.optionalBool = .random(using: &$0) }
    maybe { made.optionalColor = .edgy(&$0) }
    made.int32List = some { .edgy(&$0) }
    made.int64List = some { .edgy(&$0) }
    made.uint64List = some { .edgy(&$0) }
    made.sint64List = some { ZigZag(.edgy(&$0)) }
    made.fixed32List = some { Fixed(.edgy(&$0)) }
    made.sfixed64List = some { Fixed(.edgy(&$0)) }
    made.boolList = some { .random(using: &$0) }
    made.floatList = some { Float(bitPattern: .edgy(&$0)).notNaN }
    made.doubleList = some { Double(bitPattern: .edgy(&$0)).notNaN }
    made.textList = some { .edgy(&$0) }
    made.bytesList = some { .edgy(&$0) }
    made.colorList = some { .edgy(&$0) }
    made.innerList = some { .edgy(&$0, depth: 2) }
    for _ in some({ _ in 0 }) { made.textToInt[.edgy(&generator)] = .edgy(&generator) }
    for _ in some({ _ in 0 }) { made.intToText[.edgy(&generator)] = .edgy(&generator) }
    for _ in some({ _ in 0 }) {
      made.boolToInner[.random(using: &generator)] = .edgy(&generator, depth: 1)
    }
    for _ in some({ _ in 0 }) { made.zigZagToColor[ZigZag(.edgy(&generator))] = .edgy(&generator) }
    for _ in some({ _ in 0 }) { made.fixedToBytes[Fixed(.edgy(&generator))] = .edgy(&generator) }
    maybe { made.far = .edgy(&$0) }
    return made
  }
}

extension FixedWidthInteger {
  fileprivate static func edgy(_ generator: inout SeededGenerator) -> Self {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: 0
    case 1: .max
    case 2: .min
    case 3: 1
    case 4: isSigned ? 0 &- 1 : 127
    case 5: 128
    case 6: Self(truncatingIfNeeded: 1 << Int.random(in: 0..<bitWidth, using: &generator))
    default: .random(in: .min ... .max, using: &generator)
    }
  }
}

extension BinaryFloatingPoint {
  fileprivate var notNaN: Self { isNaN ? 0.5 : self }
}

extension String {
  fileprivate static func edgy(_ generator: inout SeededGenerator) -> String {
    let pieces = [
      "", "a", "é", "中文", "👩‍👩‍👧", "\u{0}", "\"\\/\n", "longer than a byte's worth of text",
    ]
    return (0..<Int.random(in: 0...3, using: &generator))
      .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
  }
}

extension Data {
  fileprivate static func edgy(_ generator: inout SeededGenerator) -> Data {
    let count = Int.random(in: 0...20, using: &generator) == 0 ? 300 : 5
    return Data(
      (0..<Int.random(in: 0...count, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
    )
  }
}

extension Color {
  fileprivate static func edgy(_ generator: inout SeededGenerator) -> Color {
    Color(rawValue: Int32.random(in: -2...4, using: &generator))
  }
}

extension Everything.Inner {
  fileprivate static func edgy(_ generator: inout SeededGenerator, depth: Int) -> Self {
    let children = depth > 0 ? Int.random(in: 0...2, using: &generator) : 0
    return Self(
      name: .edgy(&generator),
      count: .edgy(&generator),
      child: (0..<children).map { _ in edgy(&generator, depth: depth - 1) }
    )
  }
}
