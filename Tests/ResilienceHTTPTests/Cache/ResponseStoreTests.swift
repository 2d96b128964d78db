import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Store of responses")
struct ResponseStoreTests {
  private struct Sample {
    let asked: AskedResource
    let stored: StoredResponse
  }

  private static func sample(
    _ number: Int,
    user: String? = nil,
    vary: String = "",
    fields: HTTPHeaders = [:],
    bytes: Int = 0,
    asked moment: Int = 0
  ) throws -> Sample {
    let url = try #require(URL(string: "http://a.test/\(number)"))
    var request = URLRequest(url: url)
    request.setValue(user, forHTTPHeaderField: "Authorization")
    for name in fields.names { request.setValue(fields[name], forHTTPHeaderField: name) }
    let asked = try #require(AskedResource(request, by: .shared))
    let response = try #require(
      HTTPURLResponse(url: url, statusCode: 200, httpVersion: nil, headerFields: ["Vary": vary])
    )
    let at = Moment(.seconds(moment))
    let stored = try #require(
      StoredResponse(
        Data(count: bytes),
        response,
        to: asked,
        .init(asked: at, received: at, date: 0)
      )
    )
    return Sample(asked: asked, stored: stored)
  }

  @Test("Under random commands the store is a list with the one used last in front")
  func model() async throws {
    for seed in 0..<40 as Range<UInt64> {
      await Task.yield()
      var random = SplitMix64(seed: seed)
      let maxEntries = Int.random(in: 1...8, using: &random)
      let maxBytes = Int.random(in: 1_000...20_000, using: &random)
      var store = ResponseStore(maxEntries: maxEntries, maxBytes: maxBytes)
      /// The one used last comes first.
      var model: [(key: AskedResource.Key, bytes: Int)] = []
      for step in 0..<200 {
        let sample = try Self.sample(
          Int.random(in: 0..<10, using: &random),
          user: ["a", "b", nil].randomElement(using: &random) ?? nil,
          bytes: Int.random(in: 0..<6_000, using: &random)
        )
        let key = sample.asked.key
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<6:
          store.keep(sample.stored, for: sample.asked)
          model.removeAll { $0.key == key }
          if sample.stored.bytes <= maxBytes {
            model.insert((key, sample.stored.bytes), at: 0)
          }
          while model.count > maxEntries || model.map(\.bytes).reduce(0, +) > maxBytes {
            model.removeLast()
          }
        case 6..<10:
          let found = store.find(sample.asked)
          let index = model.firstIndex { $0.key == key }
          try #require(found?.bytes == index.map { model[$0].bytes }, "seed \(seed), step \(step)")
          if let index { model.insert(model.remove(at: index), at: 0) }
        case 10:
          store.forget(key)
          model.removeAll { $0.key == key }
        default:
          store.forget(address: key.address)
          model.removeAll { $0.key.address == key.address }
        }
        try #require(store.addresses == model.map(\.key.address), "seed \(seed), step \(step)")
        try #require(store.count == model.count && store.bytes == model.map(\.bytes).reduce(0, +))
        try #require(store.count <= maxEntries && store.bytes <= maxBytes)
      }
    }
  }

  @Test("Responses are kept apart by the fields that they vary by, and by who asks")
  func variants() throws {
    var store = ResponseStore(maxEntries: 10, maxBytes: 100_000)
    let german = try Self.sample(1, vary: "Accept-Language", fields: ["accept-language": "de"])
    let french = try Self.sample(1, vary: "Accept-Language", fields: ["accept-language": "fr"])
    let none = try Self.sample(1, vary: "Accept-Language")
    let other = try Self.sample(
      1,
      user: "b",
      vary: "Accept-Language",
      fields: ["accept-language": "de"]
    )
    store.keep(german.stored, for: german.asked)
    #expect(store.find(german.asked) != nil && store.find(french.asked) == nil)
    #expect(store.find(none.asked) == nil && store.find(other.asked) == nil)
    store.keep(french.stored, for: french.asked)
    store.keep(none.stored, for: none.asked)
    #expect(store.count == 3 && store.find(german.asked) != nil)
    // Another field does not matter.
    let same = try Self.sample(1, fields: ["Accept-Language": " de", "X-Other": "1"])
    #expect(store.find(same.asked) != nil)
  }

  @Test("A response that varies otherwise takes the place of all before")
  func otherwise() throws {
    var store = ResponseStore(maxEntries: 10, maxBytes: 100_000)
    for language in ["de", "fr"] {
      let one = try Self.sample(1, vary: "Accept-Language", fields: ["Accept-Language": language])
      store.keep(one.stored, for: one.asked)
    }
    let other = try Self.sample(1, vary: "Accept", fields: ["Accept-Language": "de"])
    store.keep(other.stored, for: other.asked)
    #expect(store.count == 1)
    let french = try Self.sample(1, fields: ["Accept-Language": "fr"])
    #expect(store.find(french.asked)?.varying == ["accept"])
  }

  @Test("A response that was asked for earlier than the one kept comes too late")
  func late() throws {
    var store = ResponseStore(maxEntries: 10, maxBytes: 100_000)
    let new = try Self.sample(1, bytes: 1, asked: 5)
    let old = try Self.sample(1, bytes: 2, asked: 4)
    store.keep(new.stored, for: new.asked)
    store.keep(old.stored, for: old.asked)
    #expect(store.find(new.asked)?.body.count == 1)
  }

  @Test("What is too large alone is not kept, and what was there before is not any more")
  func tooLarge() throws {
    var store = ResponseStore(maxEntries: 10, maxBytes: 5_000)
    let small = try Self.sample(1, bytes: 10)
    store.keep(small.stored, for: small.asked)
    let other = try Self.sample(2, bytes: 10)
    store.keep(other.stored, for: other.asked)
    let large = try Self.sample(1, bytes: 5_000)
    store.keep(large.stored, for: large.asked)
    #expect(store.addresses == ["http://a.test/2"])
  }

  @Test("Header fields count, so that small bodies with large heads cannot pass the bound")
  func cost() throws {
    let long = String(repeating: "x", count: 8_000)
    #expect(try Self.sample(1, vary: long).stored.bytes > 16_000)
    #expect(try Self.sample(1, user: long).stored.bytes > 16_000)
    #expect(try Self.sample(1, vary: "X-Long", fields: ["X-Long": long]).stored.bytes > 16_000)
  }
}
