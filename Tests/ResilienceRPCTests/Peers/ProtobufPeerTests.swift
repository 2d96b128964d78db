import Foundation
import Testing

@testable import ResilienceRPC

/// Messages written by us are read and written again by Google's protobuf, and the other way round.
@Suite("Peer: protobuf of Google", .enabled(if: Peer.isWanted, Peer.advice))
struct ProtobufPeerTests {
  private static let count = isSoaking ? 100_000 : 10_000

  /// What the peer made of a record.
  private enum Answer {
    case payload(Data)
    case refusal(String)

    var payload: Data {
      get throws {
        switch self {
        case .payload(let payload): return payload
        case .refusal(let reason):
          return try #require(nil as Data?, Comment(rawValue: reason))
        }
      }
    }
  }

  /// Sends records to the peer and reads its answers.
  private func answers(_ records: [(kind: Character, payload: Data)]) async throws -> [Answer] {
    var input = Data()
    for record in records {
      input.append(contentsOf: String(record.kind).utf8)
      input.append(Frame(payload: record.payload).bytes.dropFirst())
    }
    let output = try await Peer.run("codec.py", input: input)
    var reader = FrameReader(limit: .max)
    reader.append(output)
    var answers: [Answer] = []
    while let frame = try reader.next() {
      let isFine = frame.flags == UInt8(ascii: "=")
      let text = String(decoding: frame.payload, as: UTF8.self)
      answers.append(isFine ? .payload(frame.payload) : .refusal(text))
    }
    try #require(answers.count == records.count)
    return answers
  }

  /// Makes so many things, and lets other tests have the thread now and then.
  private func many<Value>(
    _ count: Int,
    _ make: (_ round: Int) throws -> Value
  ) async rethrows -> [Value] {
    var made: [Value] = []
    for round in 0..<count {
      made.append(try make(round))
      if round % 50 == 0 { await Task.yield() }
    }
    return made
  }

  /// Two byte strings in one payload.
  private func pair(_ first: Data, _ second: Data) -> Data {
    Frame(payload: first).bytes.dropFirst() + second
  }

  private func parts(of pair: Data) throws -> (Data, Data) {
    var reader = FrameReader(limit: .max)
    reader.append(Data([0]) + pair)
    let first = try #require(try reader.next()).payload
    return (first, Data(pair.dropFirst(4 + first.count)))
  }

  @Test("Messages of ours are to them what they are to us, in both formats")
  func ours() async throws {
    var generator = SeededGenerator(seed: 2_026)
    let messages = try await many(Self.count) { _ in
      let message = Everything.random(using: &generator)
      return (message, try ProtoBinary.encode(message), try ProtoJSON.encode(message))
    }
    // They read the bytes and the text, and say whether both are the same message.
    let compared = try await answers(messages.map { ("c", pair($0.1, $0.2)) })
    let written = try await answers(messages.map { ("b", $0.1) })
    let parsed = try await answers(messages.map { ("J", $0.2) })
    for (index, (message, _, _)) in messages.enumerated() {
      if index % 50 == 0 { await Task.yield() }
      guard try ProtoJSON.decode(Everything.self, from: compared[index].payload) == message,
        try ProtoBinary.decode(Everything.self, from: written[index].payload) == message,
        try ProtoBinary.decode(Everything.self, from: parsed[index].payload) == message
      else {
        Issue.record("message \(index): \(message)")
        return
      }
    }
    print("protobuf: \(messages.count) messages of ours, in both formats")
  }

  @Test("Messages of theirs are to us what they are to them, in both formats")
  func theirs() async throws {
    let made = try await answers(
      await many(Self.count) { round in ("m", Data("\(round)".utf8)) }
    )
    var read: [(kind: Character, payload: Data)] = []
    var kinds: Set<Int> = []
    for (index, answer) in made.enumerated() {
      if index % 50 == 0 { await Task.yield() }
      let (bytes, text) = try parts(of: answer.payload)
      let message = try ProtoBinary.decode(Everything.self, from: bytes)
      guard try ProtoJSON.decode(Everything.self, from: text) == message else {
        Issue.record("message \(index): \(String(decoding: text, as: UTF8.self))")
        return
      }
      kinds.insert(bytes.count)
      // Our bytes against our text would agree in what both misread, so it is theirs against ours.
      read.append(("c", pair(bytes, try ProtoJSON.encode(message))))
      read.append(("c", pair(try ProtoBinary.encode(message), text)))
    }
    for answer in try await answers(read) { _ = try answer.payload }
    #expect(kinds.count > 100)
    print("protobuf: \(made.count) messages of theirs, in both formats")
  }

  @Test("Of changed bytes both sides read the same, or neither reads any")
  func mutation() async throws {
    var generator = SeededGenerator(seed: 4)
    // One byte that is another one, so that much is still read.
    let mutated = try await many(Self.count) { _ in
      var bytes = try ProtoBinary.encode(Everything.random(using: &generator))
      guard let index = bytes.indices.randomElement(using: &generator) else { return bytes }
      bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      return bytes
    }
    var (read, refused) = (0, 0)
    let records = try await many(mutated.count) { index -> (kind: Character, payload: Data) in
      do {
        let message = try ProtoBinary.decode(Everything.self, from: mutated[index])
        read += 1
        return ("c", pair(mutated[index], try ProtoJSON.encode(message)))
      } catch is ProtoError {
        refused += 1
        return ("c", pair(mutated[index], Data()))
      }
    }
    var unsettled = 0
    for (bytes, answer) in zip(mutated, try await answers(records)) {
      switch answer {
      case .payload(let payload):
        if payload == Data("unsettled".utf8) { unsettled += 1 }
      case .refusal(let reason):
        Issue.record("\(bytes.map { String(format: "%02x", $0) }.joined()): \(reason)")
        return
      }
    }
    #expect(read > Self.count / 4 && refused > Self.count / 100, "\(read) read, \(refused) refused")
    #expect(unsettled < Self.count / 50)
    print("protobuf: \(read) changed messages read alike, but \(unsettled); \(refused) refused")
  }
}
