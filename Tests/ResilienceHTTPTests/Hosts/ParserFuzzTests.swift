import Foundation
import Resilience
import ResilienceTesting
import Testing

@testable import ResilienceHTTP

/// Every parser of what comes from outside, under what no one would send: it must neither fail nor
/// say what cannot be.
@Suite("Parsers under mutations")
struct ParserFuzzTests {
  private static let rounds: Int =
    ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] == nil ? 4_000 : 400_000

  private static let corpus: [String] = [
    "max-age=60, stale-if-error=30", "no-cache=\"Set-Cookie\", private", "x=\"a\\\"b, c\",no-store",
    "max-age=\"9\" , , must-revalidate", "1500", "0", "9223372036854775808", "  42\t",
    "example.com", "EXAMPLE.com.", "[2001:db8::1]", "::ffff:192.0.2.1", "fe80::1%25eth0",
    "1:2:3:4:5:6:7:8", "/users/{id}/posts", "/a%2Fb/", "/{a}/{b}/{c}", "/", "",
  ]

  private static let alphabet = Array("\",=\\ \t;:.[]{}/%-09afAFzZ\u{0}\u{7F}é١")

  /// A text that is nearly one of the corpus.
  private static func mutated(_ random: inout SplitMix64) -> String {
    var text = Array(corpus.randomElement(using: &random) ?? "")
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let place = Int.random(in: 0...text.count, using: &random)
      let character = alphabet.randomElement(using: &random) ?? " "
      switch Int.random(in: 0..<5, using: &random) {
      case 0: text.insert(character, at: place)
      case 1: if place < text.count { text[place] = character }
      case 2: if place < text.count { text.remove(at: place) }
      case 3: text.insert(contentsOf: text.prefix(place), at: place)
      default: text.append(contentsOf: corpus.randomElement(using: &random) ?? "")
      }
    }
    return String(text)
  }

  private static func sweep(
    _ seed: UInt64,
    _ check: (String, inout SplitMix64) throws -> Void
  ) async throws {
    var random = SplitMix64(seed: seed)
    for round in 0..<rounds {
      if round.isMultiple(of: 500) { await Task.yield() }
      let text = mutated(&random)
      try check(text, &random)
    }
  }

  @Test(
    "Cache-Control: numbers within bounds, and what forbids survives any neighbour that is closed"
  )
  func cacheControl() async throws {
    try await Self.sweep(1) { text, _ in
      let control = CacheControl(text)
      for seconds in [control.maxAge, control.staleIfError].compactMap({ $0 }) {
        try #require((0...CacheControl.mostSeconds).contains(seconds), "\(text.debugDescription)")
      }
      try #require(CacheControl("no-store, " + text).noStore, "\(text.debugDescription)")
      // Behind a text with closed quotation marks, or by forbidding all.
      try #require(CacheControl(text + ", no-store").noStore, "\(text.debugDescription)")
      if CacheControl(text).noStore { try #require(CacheControl(text + " , x").noStore) }
    }
  }

  @Test("Deadline: digits only, within the bound")
  func deadline() async throws {
    let field = DeadlineField(longest: .seconds(60))
    try await Self.sweep(2) { text, _ in
      let remaining = field.remaining(in: text)
      let digits = text.trimmedBlanks
      let isNumber =
        !digits.isEmpty && digits.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
      try #require(
        (remaining != nil) == (isNumber && text.utf8.count <= 64),
        "\(text.debugDescription)"
      )
      if let remaining { try #require(Duration.zero <= remaining && remaining <= .seconds(60)) }
    }
  }

  @Test("Authority: what is normalised stays as it is when it is normalised again")
  func authority() async throws {
    try await Self.sweep(3) { text, random in
      let port = Int.random(in: -1...70_000, using: &random)
      guard let authority = Authority(scheme: "HTTP", host: text, port: port) else { return }
      try #require((0...65_535).contains(authority.port) && !authority.host.isEmpty)
      try #require(!authority.host.contains { "/?#@ \\".contains($0) }, "\(text.debugDescription)")
      let again = Authority(scheme: authority.scheme, host: authority.host, port: authority.port)
      try #require(again == authority, "\(text.debugDescription)")
      if let url = URL(string: authority.description) { _ = Authority(url) }
    }
  }

  @Test("Route template: what is read matches itself with its names filled in, and nothing longer")
  func template() async throws {
    try await Self.sweep(4) { text, _ in
      guard let template = try? RouteTemplate(validating: text) else { return }
      let filled = text.split(separator: "/", omittingEmptySubsequences: false).map { part in
        part.hasPrefix("{") ? "x" : String(part)
      }.joined(separator: "/")
      try #require(template.matches(filled), "\(text.debugDescription)")
      try #require(!template.matches(filled + "/y"), "\(text.debugDescription)")
    }
  }

  @Test("Vary: names in lower case, in order, each once, and few")
  func vary() async throws {
    try await Self.sweep(5) { text, _ in
      guard let names = StoredResponse.varying(text) else { return }
      try #require(names == Set(names).sorted() && names.count <= 16 && !names.contains(""))
      try #require(names.allSatisfy { $0 == $0.lowercased() && !$0.contains(",") })
    }
  }
}
