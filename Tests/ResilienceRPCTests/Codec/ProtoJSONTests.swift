import Foundation
import Testing

@testable import ResilienceRPC

@Suite("JSON mapping")
struct ProtoJSONTests {
  private func text(_ value: some Codable & Sendable) throws -> String {
    String(decoding: try ProtoJSON.encode(Holder(value: value)), as: UTF8.self)
  }

  private func read<Value: Codable & Sendable>(_ json: String, as type: Value.Type) throws -> Value
  {
    try ProtoJSON.decode(Holder<Value>.self, from: Data(#"{"value":\#(json)}"#.utf8)).value
  }

  @Test("Values are written as the mapping has it")
  func writing() throws {
    #expect(try text(Int32(1)) == #"{"value":1}"#)
    #expect(try text(Int64(-5)) == #"{"value":"-5"}"#)
    #expect(try text(UInt64.max) == #"{"value":"18446744073709551615"}"#)
    #expect(try text(Fixed(Int64(5))) == #"{"value":"5"}"#)
    #expect(try text(ZigZag(Int32(5))) == #"{"value":5}"#)
    #expect(try text(Double.nan) == #"{"value":"NaN"}"#)
    #expect(try text(-Float.infinity) == #"{"value":"-Infinity"}"#)
    #expect(try text(1.5) == #"{"value":1.5}"#)
    #expect(try text(Data([0xFB, 0xFF])) == #"{"value":"+/8="}"#)
    #expect(try text(Color.red) == #"{"value":"COLOR_RED"}"#)
    #expect(try text(Color(rawValue: 9)) == #"{"value":9}"#)
    #expect(try text(["a/b"]) == #"{"value":["a/b"]}"#)
    #expect(try text([Int64(1), 0]) == #"{"value":["1","0"]}"#)
    #expect(try text([Int64(7): "x"]) == #"{"value":{"7":"x"}}"#)
    #expect(try text([true: Int32(0)]) == #"{"value":{"true":0}}"#)
  }

  @Test("Zero is not written unless it is optional")
  func presence() throws {
    #expect(try text(Int64(0)) == "{}")
    #expect(try text("") == "{}")
    #expect(try text([Int32]()) == "{}")
    #expect(try text([String: Int32]()) == "{}")
    #expect(try text(Color(rawValue: 0)) == "{}")
    #expect(try text(Int64?(0)) == #"{"value":"0"}"#)
    #expect(try text(Holder(value: Int32(0))) == #"{"value":{}}"#)
  }

  @Test(
    "Integers are read as numbers and as text",
    arguments: ["5", #""5""#, "5.0", "5e0", #""5.0""#, "50e-1", #""5e0""#]
  )
  func integers(json: String) throws {
    #expect(try read(json, as: Int32.self) == 5)
    #expect(try read(json, as: UInt64.self) == 5)
    #expect(try read(json, as: ZigZag<Int64>.self).wrappedValue == 5)
    #expect(try read(json, as: Fixed<UInt32>.self).wrappedValue == 5)
  }

  @Test("Large integers keep all their digits")
  func precision() throws {
    #expect(try read(#""9223372036854775807""#, as: Int64.self) == .max)
    #expect(try read("9223372036854775807", as: Int64.self) == .max)
    #expect(try read("18446744073709551615", as: UInt64.self) == .max)
    #expect(try read(#""-9223372036854775808""#, as: Int64.self) == .min)
    // One more than a `Double` can tell apart.
    for json in ["9007199254740993", "9007199254740993.0", "9007199254740993e0"] {
      for form in [json, #""\#(json)""#] {
        #expect(try read(form, as: Int64.self) == 9_007_199_254_740_993, "\(form)")
        #expect(try read(form, as: UInt64.self) == 9_007_199_254_740_993, "\(form)")
      }
    }
    for json in ["1844674407370955161.5e1", "18446744073709551615.000", "18446744073709551615E+0"] {
      #expect(try read(json, as: UInt64.self) == .max, "\(json)")
      #expect(try read(#""\#(json)""#, as: UInt64.self) == .max, "\(json)")
    }
    #expect(try read(#""-0""#, as: Int32.self) == 0)
    #expect(try read("0.000e5", as: Int32.self) == 0)
    #expect(try read(#""12300e-2""#, as: Int32.self) == 123)
  }

  @Test(
    "What Swift reads as a number and JSON does not is an error",
    arguments: [
      "+5", "05", "5.", ".5", "0x5", "0x1p3", " 5", "5 ", "5e", "5e+", "--5", "1_000", "٥", "-", "",
      "5.e1", "0b1",
    ]
  )
  func grammar(text: String) {
    #expect(throws: (any Error).self) { try read(#""\#(text)""#, as: Int32.self) }
    #expect(throws: (any Error).self) { try read(#""\#(text)""#, as: UInt64.self) }
    #expect(throws: (any Error).self) { try read(#""\#(text)""#, as: Double.self) }
    #expect(throws: (any Error).self) {
      try read(#"{"\#(text)": 1}"#, as: [Int64: Int32].self)
    }
    #expect(JSONNumber(text) == nil)
  }

  @Test("Numbers that are none or too large are errors, however they are written")
  func notFinite() {
    for text in ["nan", "inf", "infinity", "+Infinity", "NAN", "1e999", "-1e999"] {
      #expect(throws: (any Error).self) { try read(#""\#(text)""#, as: Double.self) }
      #expect(throws: (any Error).self) { try read(#""\#(text)""#, as: Float.self) }
    }
    #expect(throws: (any Error).self) { try read("1e999", as: Double.self) }
    #expect(throws: (any Error).self) { try read("NaN", as: Double.self) }
    for json in ["1e20", "1e99", "1e999999999999999999999", "18446744073709551616", "0.1"] {
      #expect(throws: (any Error).self) { try read(json, as: UInt64.self) }
      #expect(throws: (any Error).self) { try read(#""\#(json)""#, as: UInt64.self) }
    }
    #expect(throws: (any Error).self) { try read(#""-1""#, as: UInt32.self) }
  }

  @Test("Other values are read in each form that the mapping allows")
  func otherForms() throws {
    #expect(try read(#""Infinity""#, as: Double.self) == .infinity)
    #expect(try read(#""NaN""#, as: Float.self).isNaN)
    #expect(try read(#""1.5""#, as: Double.self) == 1.5)
    #expect(try read("2", as: Float.self) == 2)
    for form in ["+/8=", "+/8", "-_8", "-_8="] {
      #expect(try read("\"\(form)\"", as: Data.self) == Data([0xFB, 0xFF]))
    }
    #expect(try read(#""COLOR_BLUE""#, as: Color.self).rawValue == 2)
    #expect(try read("2", as: Color.self).rawValue == 2)
    #expect(try read("77", as: Color.self).rawValue == 77)
    #expect(try read(#"["COLOR_RED", 2]"#, as: [Color].self).map(\.rawValue) == [1, 2])
    #expect(try read(#"{"-3": "5"}"#, as: [ZigZag<Int32>: Int64].self) == [ZigZag(-3): 5])
    #expect(try read(#"{"false": {}}"#, as: [Bool: RPCEmpty].self) == [false: RPCEmpty()])
  }

  @Test("What is missing or null is zero, or nothing where that may be")
  func missing() throws {
    let empty = try ProtoJSON.decode(Everything.self, from: Data("{}".utf8))
    #expect(empty == Everything())
    #expect(try read("null", as: Int32.self) == 0)
    #expect(try read("null", as: [Int32].self) == [])
    #expect(try read("null", as: Int32?.self) == nil)
    #expect(try read("null", as: Holder<String>.self) == Holder(value: ""))
  }

  @Test("Names are read in camel and in snake case, others are skipped")
  func names() throws {
    let json =
      #"{"optional_int32": 3, "intToText": {"1": "a"}, "text_list": ["b"], "nothing": [{}]}"#
    let message = try ProtoJSON.decode(Everything.self, from: Data(json.utf8))
    #expect(message.intToText == [1: "a"])
    #expect(message.textList == ["b"])
    #expect(message.optionalInt32 == 3)
  }

  @Test("Names are matched as the schema makes them, digits included")
  func schemaNames() throws {
    struct Lines: Codable, Equatable {
      var line2Text = ""
      var line2text = ""
      var x1 = ""
      var aBC = ""
      var snake_name = ""
    }
    func read(_ json: String) throws -> Lines {
      try ProtoJSON.decode(Lines.self, from: Data(json.utf8))
    }
    for name in ["line2Text", "line2_text", "line_2_text", "line_2Text"] {
      #expect(try read(#"{"\#(name)": "v"}"#) == Lines(line2Text: "v"), "\(name)")
    }
    for name in ["line2text", "line_2text"] {
      #expect(try read(#"{"\#(name)": "v"}"#) == Lines(line2text: "v"), "\(name)")
    }
    for name in ["x1", "x_1"] { #expect(try read(#"{"\#(name)": "v"}"#) == Lines(x1: "v")) }
    for name in ["aBC", "a_b_c", "a__b_c", "aB_c"] {
      #expect(try read(#"{"\#(name)": "v"}"#) == Lines(aBC: "v"), "\(name)")
    }
    for name in ["snake_name", "snakeName"] {
      #expect(try read(#"{"\#(name)": "v"}"#) == Lines(snake_name: "v"), "\(name)")
    }
    for name in ["Line2Text", "line2TEXT", "X1", "abc"] {
      #expect(try read(#"{"\#(name)": "v"}"#) == Lines(), "\(name)")
    }
    #expect(try read(#"{"x_1": "a", "x1": "b"}"#) == Lines(x1: "b"))
    #expect(try read(#"{"x_1": "a", "x1": null}"#) == Lines(x1: "a"))
  }

  @Test("Text that was changed gives a message or an error, never a trap")
  func mutation() async throws {
    var generator = SeededGenerator(seed: 13)
    var (read, refused) = (0, 0)
    var text = Data()
    for round in 0..<(isSoaking ? 20_000 : 500) {
      if round % 10 == 0 {
        await Task.yield()
        text = try ProtoJSON.encode(Everything.random(using: &generator))
      }
      let mutated = text.mutated(using: &generator)
      do {
        _ = try ProtoJSON.decode(Everything.self, from: mutated)
        read += 1
      } catch let error {
        #expect(error is ProtoError || error is DecodingError, "round \(round): \(error)")
        refused += 1
      }
    }
    #expect(read > 0 && refused > 0, "\(read) read, \(refused) refused")
  }

  @Test("Long values take time in proportion to their length")
  func longValues() throws {
    let holder = Holder(value: Data(repeating: 0xA5, count: 1_000_000))
    let text = try ProtoJSON.encode(holder)
    #expect(try ProtoJSON.decode(Holder<Data>.self, from: text) == holder)
    let list = Holder(value: [Int64](repeating: -1, count: 20_000))
    #expect(try ProtoJSON.decode(Holder<[Int64]>.self, from: ProtoJSON.encode(list)) == list)
  }

  @Test(
    "What is none of its type is an error",
    arguments: ["2147483648", "-2147483649", "1.5", #""1.5""#, #""x""#, "true", "[]", "{}", #""""#]
  )
  func invalidIntegers(json: String) {
    #expect(throws: (any Error).self) { try read(json, as: Int32.self) }
  }

  @Test("So is everything else that does not fit")
  func invalid() {
    #expect(throws: (any Error).self) { try read("-1", as: UInt64.self) }
    #expect(throws: (any Error).self) { try read("1e300", as: Float.self) }
    #expect(throws: (any Error).self) { try read(#""inf""#, as: Double.self) }
    #expect(throws: (any Error).self) { try read(#""a""#, as: Data.self) }
    #expect(throws: (any Error).self) { try read("1", as: String.self) }
    #expect(throws: (any Error).self) { try read(#""true""#, as: Bool.self) }
    #expect(throws: (any Error).self) { try read("[null]", as: [Int32].self) }
    #expect(throws: (any Error).self) { try read(#"{"x": 1}"#, as: [Int32: Int32].self) }
    #expect(throws: ProtoError.unknownEnumValue(type: "Color", value: "COLOR_PINK")) {
      try read(#""COLOR_PINK""#, as: Color.self)
    }
    #expect(throws: (any Error).self) {
      try ProtoJSON.decode(Everything.self, from: Data("nonsense".utf8))
    }
  }

  @Test("Nesting is bounded")
  func depth() throws {
    let deep = String(repeating: #"{"child":["#, count: 60) + String(repeating: "]}", count: 60)
    #expect(throws: ProtoError.tooDeep) {
      try ProtoJSON.decode(Everything.Inner.self, from: Data(deep.utf8))
    }
    let less = String(repeating: #"{"child":["#, count: 40) + String(repeating: "]}", count: 40)
    #expect(try ProtoJSON.decode(Everything.Inner.self, from: Data(less.utf8)).child.count == 1)
  }

  @Test("What is written is read, for any message, and is the same for equal ones")
  func roundTrip() async throws {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<(isSoaking ? 5_000 : 200) {
      await Task.yield()
      let message = Everything.random(using: &generator)
      let text = try ProtoJSON.encode(message)
      #expect(try ProtoJSON.decode(Everything.self, from: text) == message, "round \(round)")
      #expect(try ProtoJSON.encode(message) == text)
    }
  }
}
