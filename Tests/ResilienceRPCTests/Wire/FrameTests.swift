import Foundation
import Testing

@testable import ResilienceRPC

@Suite("Frames")
struct FrameTests {
  @Test("A frame is its flags, its length and its payload")
  func bytes() {
    #expect(Frame(flags: 2, payload: Data("{}".utf8)).bytes == Data([2, 0, 0, 0, 2, 0x7B, 0x7D]))
    #expect(Frame(payload: Data()).bytes == Data([0, 0, 0, 0, 0]))
    #expect(Frame(payload: Data(count: 66_000)).bytes.prefix(5) == Data([0, 0, 1, 1, 0xD0]))
  }

  @Test("Frames come out as they went in, whatever the pieces")
  func pieces() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let frames = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        Frame(
          flags: UInt8.random(in: 0...255, using: &generator),
          payload: Data(count: Int.random(in: 0...40, using: &generator))
        )
      }
      var rest = Data(frames.map(\.bytes).joined())
      var reader = FrameReader(limit: 40)
      var read: [Frame] = []
      while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &generator)
        reader.append(rest.prefix(count))
        rest = rest.dropFirst(count)
        while let frame = try reader.next() { read.append(frame) }
      }
      #expect(read == frames)
      #expect(reader.isAtBoundary)
    }
  }

  @Test("A frame that is too long is refused by its head alone")
  func tooLong() throws {
    var reader = FrameReader(limit: 10)
    reader.append(Data([0, 0, 0, 0, 11]))
    let fault = #expect(throws: RPCFault.self) { try reader.next() }
    guard case .responseTooLarge(limit: 10) = fault else {
      Issue.record("another fault: \(String(describing: fault))")
      return
    }
    var exact = FrameReader(limit: 10)
    exact.append(Data([0, 0, 0, 0, 10]))
    #expect(try exact.next() == nil)
    #expect(!exact.isAtBoundary)
    exact.append(Data(count: 10))
    #expect(try exact.next()?.payload.count == 10)
  }

  @Test("The largest length does not overflow")
  func largest() throws {
    var reader = FrameReader(limit: .max)
    reader.append(Data([0, 0xFF, 0xFF, 0xFF, 0xFF, 1]))
    #expect(try reader.next() == nil)
    #expect(!reader.isAtBoundary)
    #expect(reader.heldBytes == 6)
    var bounded = FrameReader(limit: Int(clamping: UInt32.max) - 1)
    bounded.append(Data([0, 0xFF, 0xFF, 0xFF, 0xFF]))
    #expect(throws: RPCFault.self) { try bounded.next() }
  }

  @Test("The end of a response has a bound of its own")
  func ends() throws {
    let bounds = FrameBounds(message: 3, end: 5, endFlag: 0x80)
    func length(_ flags: UInt8, _ count: Int) throws -> Int? {
      var reader = FrameReader(bounds)
      reader.append(Frame(flags: flags, payload: Data(count: count)).bytes)
      return try reader.next()?.payload.count
    }
    #expect(try length(0, 3) == 3)
    #expect(try length(0x80, 5) == 5)
    #expect(try length(0x81, 5) == 5)
    #expect(throws: RPCFault.self) { try length(0, 4) }
    #expect(throws: RPCFault.self) { try length(0x80, 6) }
  }

  @Test("What has been read is let go of, even if there is always a frame under way")
  func memory() throws {
    let frame = Frame(payload: Data(count: 10_000)).bytes
    var reader = FrameReader(limit: 10_000)
    var most = 0
    reader.append(frame.prefix(7))
    for _ in 0..<300 {
      reader.append(frame.dropFirst(7))
      reader.append(frame.prefix(7))
      #expect(try reader.next()?.payload.count == 10_000)
      #expect(try reader.next() == nil)
      most = max(most, reader.heldBytes)
    }
    #expect(most <= 2 * FrameReader.slack, "\(most) bytes are held")
  }
}
