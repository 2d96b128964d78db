import Foundation
import Resilience
import Testing

@testable import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Criticality as a header field")
struct CriticalityFieldTests {
  @Test("The field is read as it is written", arguments: Criticality.allCases)
  func written(criticality: Criticality) {
    #expect(Criticality(headerField: criticality.description) == criticality)
    #expect(Criticality(headerField: " \t\(criticality.description.uppercased()) ") == criticality)
    #expect(Criticality(["x-request-criticality": criticality.description]) == criticality)
  }

  @Test(
    "What is missing, unknown, malformed or too long says nothing",
    arguments: [
      nil, "", " ", "high", "critical, sheddable", "critical;q=1", "criti cal", "critical\u{0}",
      "\"critical\"", "critical\u{301}", String(repeating: " ", count: 60) + "critical",
    ]
  )
  func nothing(value: String?) {
    #expect(Criticality(headerField: value) == nil)
  }

  @Test("A value that is far too long is not looked at")
  func huge() {
    let blanks = String(repeating: " ", count: 10_000_000)
    #expect(Criticality(headerField: blanks) == nil)
    #expect(Criticality(headerField: "critical" + blanks) == nil)
  }

  @Test("Any bytes are read without failing")
  func anything() {
    for seed in 0..<2_000 {
      var generator = SystemRandomNumberGenerator()
      let bytes = (0..<(seed % 70)).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let value = String(decoding: bytes, as: UTF8.self)
      if let read = Criticality(headerField: value) {
        #expect(value.trimmedBlanks.lowercased() == read.description)
      }
    }
  }

  @Test("Headers without the field say nothing")
  func without() {
    #expect(Criticality(HTTPHeaders()) == nil)
    #expect(Criticality(["X-Other": "critical"]) == nil)
  }

  @Test("A request has the criticality that its field says")
  func request() throws {
    var request = URLRequest(url: try #require(URL(string: "http://localhost/")))
    #expect(request.criticality == nil)
    request.criticality = .sheddablePlus
    #expect(request.value(forHTTPHeaderField: "X-Request-Criticality") == "sheddable-plus")
    #expect(request.criticality == .sheddablePlus)
    request.criticality = nil
    #expect(request.value(forHTTPHeaderField: "x-request-criticality") == nil)
    request.setValue("whatever", forHTTPHeaderField: "X-Request-Criticality")
    #expect(request.criticality == nil)
  }
}
