import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Streamed transfer")
struct StreamedTransferTests {
  private let url: URL

  init() throws {
    url = try #require(URL(string: "http://example.org/"))
  }

  private func transfer(limit: Int = 1_000) -> StreamedTransfer {
    let origin = Origin(url: url, method: "GET")
    return StreamedTransfer(Hop(URLRequest(url: url)), origin: origin, limit: limit)
  }

  private func head(_ fields: [String: String] = [:]) throws -> HTTPURLResponse {
    try #require(
      HTTPURLResponse(url: url, statusCode: 200, httpVersion: nil, headerFields: fields)
    )
  }

  @Test("What has come before the end is read before the error")
  func orderly() async throws {
    let transfer = transfer()
    #expect(transfer.receive(try head()))
    #expect(transfer.receive(Data("abc".utf8)))
    transfer.complete(URLError(.networkConnectionLost))
    #expect(try await transfer.next() == Data("abc".utf8))
    let error = await #expect(throws: URLError.self) { try await transfer.next() }
    #expect(error?.code == .networkConnectionLost)
  }

  @Test("A second reader at the same time is told so, and the first one goes on")
  func twoReaders() async throws {
    let transfer = transfer()
    let first = Task { try await transfer.next() }
    while !transfer.isAwaited { await Task.yield() }
    await #expect(throws: BodyIsBeingRead.self) { try await transfer.next() }
    #expect(transfer.receive(Data("a".utf8)))
    #expect(try await first.value == Data("a".utf8))
  }

  @Test("A reader that is cancelled leaves at once, and the session is told to stop")
  func cancelled() async throws {
    let transfer = transfer()
    let reader = Task { try await transfer.next() }
    while !transfer.isAwaited { await Task.yield() }
    reader.cancel()
    await #expect(throws: CancellationError.self) { try await reader.value }
    #expect(!transfer.receive(Data("late".utf8)))
  }

  @Test("Silence counts only while someone waits for the peer")
  func silence() async throws {
    let transfer = transfer()
    transfer.begin(nil, silence: .milliseconds(1))
    #expect(transfer.receive(try head()))
    let start = ContinuousClock.now
    while start.duration(to: .now) < .milliseconds(20) { await Task.yield() }
    #expect(transfer.receive(Data("a".utf8)))
    #expect(try await transfer.next() == Data("a".utf8))
    let error = await #expect(throws: URLError.self) { try await transfer.next() }
    #expect(error?.code == .timedOut)
  }

  @Test("A second head is the service's mistake, not part of the body")
  func secondHead() async throws {
    let transfer = transfer()
    #expect(transfer.receive(try head()))
    #expect(!transfer.receive(try head()))
    let error = await #expect(throws: URLError.self) { try await transfer.next() }
    #expect(error?.code == .badServerResponse)
  }

  @Test("A head that is too long is refused")
  func longHead() async throws {
    let transfer = transfer()
    let fields = ["X-A": String(repeating: "x", count: ResponseHeadTooLarge.limit)]
    #expect(!transfer.receive(try head(fields)))
    guard case .failed(let error) = await transfer.waitForHead() else {
      Issue.record("the head was taken")
      return
    }
    #expect(error is ResponseHeadTooLarge)
  }

  @Test("Without a session to hold back, memory is bounded all the same")
  func backlog() async throws {
    let transfer = transfer(limit: .max)
    let piece = Data(count: 1 << 20)
    var taken = 0
    while transfer.receive(piece) { taken += 1 }
    #expect(taken << 20 == ReaderTooSlow.limit)
    for _ in 0..<taken { #expect(try await transfer.next()?.count == 1 << 20) }
    await #expect(throws: ReaderTooSlow.self) { try await transfer.next() }
  }
}

@Suite("Body queue")
struct BodyQueueTests {
  private func queue(limit: Int = .max, capacity: Int = 10) throws -> BodyQueue {
    let url = try #require(URL(string: "http://example.org/"))
    let bound = ResponseBound(origin: Origin(url: url, method: "GET"), limit: limit)
    return BodyQueue(bound: bound, capacity: capacity)
  }

  @Test("It holds back at its capacity, once, and lets go when half is left")
  func holding() throws {
    var queue = try queue()
    let holds = try [4, 5, 1, 1].map { try queue.put(Data(count: $0)) }
    #expect(holds == [false, false, true, false])
    guard case .piece(_, false) = queue.take(), case .piece(_, true) = queue.take() else {
      Issue.record("4 + 5 of 11 bytes are out; 2 are left")
      return
    }
    #expect(!queue.isHolding)
    #expect(queue.buffered == 2)
  }

  @Test("Abandoned while it holds back, it says so once")
  func abandoned() throws {
    var queue = try queue()
    let holds = try queue.put(Data(count: 10))
    #expect(holds)
    let wasHeld = (0..<2).map { _ in queue.abandon(CancellationError()) }
    #expect(wasHeld == [true, false])
    guard case .failed = queue.take() else {
      Issue.record("what waited is lost")
      return
    }
  }

  @Test("It agrees with a plain list of bytes, under random commands")
  func model() throws {
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var queue = try queue(capacity: 100)
      var model = Data()
      var isHeld = false
      for number in 0..<400 {
        if Bool.random(using: &random) {
          let count = Int.random(in: 0...40, using: &random)
          let piece = Data(repeating: UInt8(truncatingIfNeeded: number), count: count)
          if try queue.put(piece) {
            #expect(!isHeld)
            isHeld = true
          }
          model.append(piece)
        } else if case .piece(let piece, let releases) = queue.take() {
          #expect(model.prefix(piece.count) == piece)
          model = Data(model.dropFirst(piece.count))
          if releases {
            #expect(isHeld && model.count <= 50)
            isHeld = false
          }
        } else {
          #expect(model.isEmpty)
        }
        #expect(queue.buffered == model.count, "seed \(seed)")
        #expect(queue.isHolding == isHeld)
        #expect(isHeld || model.count < 100)
      }
    }
  }
}
