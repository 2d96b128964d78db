import Foundation
import Testing

@testable import ResilienceRPC

/// Messages written by us are read and written again by Google's protobuf, and the other way round.
@Suite("Peer: protobuf of Google", .enabled(if: Peer.isInstalled, Peer.advice))
struct ProtobufPeerTests {
  private static let count = isSoaking ? 100_000 : 2_000

  /// Sends records to the peer and reads its answers; `nil` for what it does not read.
  private func answers(_ records: [(kind: Character, payload: Data)]) async throws -> [Data?] {
    var input = Data()
    for record in records {
      input.append(contentsOf: String(record.kind).utf8)
      input.append(Frame(payload: record.payload).bytes.dropFirst())
    }
    let output = try await Peer.run("codec.py", input: input)
    var reader = FrameReader(limit: .max)
    reader.append(output)
    var answers: [Data?] = []
    while let frame = try reader.next() {
      answers.append(frame.flags == UInt8(ascii: "=") ? frame.payload : nil)
    }
    try #require(answers.count == records.count)
    return answers
  }

  /// Makes so many things, and lets other tests have the thread now and then.
  private func many<Value>(_ count: Int, _ make: () throws -> Value) async rethrows -> [Value] {
    var made: [Value] = []
    for round in 0..<count {
      made.append(try make())
      if round % 50 == 0 { await Task.yield() }
    }
    return made
  }

  @Test("Thousands of messages go there and come back, in the binary format")
  func binary() async throws {
    var generator = SeededGenerator(seed: 2_026)
    let messages = try await many(Self.count) {
      let message = Everything.random(using: &generator)
      return (message, try ProtoBinary.encode(message))
    }
    let answers = try await answers(messages.map { ("b", $0.1) })
    for (round, ((message, _), answer)) in zip(messages, answers).enumerated() {
      if round % 50 == 0 { await Task.yield() }
      let bytes = try #require(answer)
      guard try ProtoBinary.decode(Everything.self, from: bytes) == message else {
        Issue.record("\(message)")
        return
      }
    }
  }

  @Test("JSON of theirs is read, and ours by them")
  func json() async throws {
    var generator = SeededGenerator(seed: 77)
    let messages = try await many(Self.count / 10) {
      let message = Everything.random(using: &generator)
      return (message, try ProtoBinary.encode(message), try ProtoJSON.encode(message))
    }
    let theirs = try await answers(messages.map { ("j", $0.1) })
    let ours = try await answers(messages.map { ("J", $0.2) })
    for ((message, _, _), (json, bytes)) in zip(messages, zip(theirs, ours)) {
      await Task.yield()
      guard try ProtoJSON.decode(Everything.self, from: try #require(json)) == message,
        try ProtoBinary.decode(Everything.self, from: try #require(bytes)) == message
      else {
        Issue.record("\(message)")
        return
      }
    }
  }

  @Test("Of changed bytes both sides read the same, or neither reads any")
  func mutation() async throws {
    var generator = SeededGenerator(seed: 4)
    let mutated = try await many(Self.count / 5) {
      try ProtoBinary.encode(Everything.random(using: &generator)).mutated(using: &generator)
    }
    let answers = try await answers(mutated.map { ("b", $0) })
    var (read, refused) = (0, 0)
    for (bytes, answer) in zip(mutated, answers) {
      await Task.yield()
      let ours = try? ProtoBinary.decode(Everything.self, from: bytes)
      let theirs = try answer.map { try ProtoBinary.decode(Everything.self, from: $0) }
      if ours == nil { refused += 1 } else { read += 1 }
      // NaN is not equal to itself, so messages are compared as they are written.
      let isSame =
        try ours.map { try ProtoBinary.encode($0) } == theirs.map { try ProtoBinary.encode($0) }
      guard isSame else {
        Issue.record("\(bytes.map { String(format: "%02x", $0) }.joined())")
        return
      }
    }
    #expect(read > 0 && refused > 0)
  }
}
