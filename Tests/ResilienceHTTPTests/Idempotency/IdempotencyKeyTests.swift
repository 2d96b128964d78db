import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Idempotency keys")
struct IdempotencyKeyTests {
  private let server: FaultServer
  private let session = URLSession.fresh()

  init() throws {
    server = try .sample()
    server.inject(.status(503))
  }

  private var keys: [String?] { server.exchanges.map { $0.headers["Idempotency-Key"] } }

  private func post(_ key: IdempotencyKey?) async {
    _ = try? await session.data(
      for: server.request("notes", "POST", body: "{}"),
      through: threeAttempts(),
      idempotencyKey: key
    )
  }

  @Test("A generated key is the same on each attempt, and another one for the next call")
  func generated() async {
    await post(.generated)
    await post(.generated)
    #expect(keys.count == 6)
    #expect(Set(keys[0..<3]).count == 1 && Set(keys[3..<6]).count == 1)
    #expect(keys[0] != nil && keys[0] != keys[3])
  }

  @Test("A seeded source repeats its keys")
  func seeded() async {
    for _ in 1...2 { await post(.generated(by: RandomSource(SplitMix64(seed: 7)))) }
    #expect(keys[0] == keys[3])
  }

  @Test("A given key is sent as it is; without one a POST is not repeated")
  func given() async {
    await post(.given("order-7"))
    #expect(keys == ["order-7", "order-7", "order-7"])
    await post(nil)
    #expect(keys.count == 4)
  }

  @Test("A service takes one for POST and PATCH, and for any method of its own")
  func service() async {
    let service = HTTPService(baseURL: server.url, session: session, pipeline: threeAttempts())
    let note = Note(id: 1, text: "")
    try? await service.post("notes", body: note, idempotencyKey: .generated)
    try? await service.patch("notes", body: note, idempotencyKey: .generated)
    _ = try? await service.send(
      "POST",
      "notes",
      body: .data(Data("{}".utf8)),
      idempotencyKey: .generated
    )
    #expect(keys.count == 9)
    #expect(Set(keys).count == 3 && !keys.contains(nil))
  }
}
