import Testing

@testable import Resilience

@Suite("Classifier")
struct ClassifierTests {
  private struct Gone: CallError {
    var verdict: Verdict { .success }
  }

  @Test("The standard verdicts on errors")
  func standard() {
    let standard = Classifier.standard
    #expect(standard.judge(Boom()) == .failure)
    #expect(standard.judge(TimedOut(policy: "t", limit: .seconds(1))) == .failure)
    #expect(standard.judge(CancellationError()) == .ignored)
    #expect(standard.judge(CircuitOpen(policy: "b", retryAfter: nil)) == .ignored)
    #expect(standard.judge(BulkheadFull(policy: "b", reason: .queueFull)) == .ignored)
    #expect(standard.judge(Gone()) == .success)
    #expect(standard.judge(value: 1) == .success)
    #expect(!standard.judgesValues)
  }

  @Test("Any error of a cancelled caller is ignored")
  func cancelledCaller() async {
    let verdict = await Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return Classifier.standard.judge(Boom())
    }.value
    #expect(verdict == .ignored)
  }

  @Test("Values are judged by their type; the last one added is asked first")
  func values() {
    let judge = Classifier.standard
      .values(of: Int.self) { $0 < 0 ? .failure : .success }
      .values(of: String.self) { $0.isEmpty ? .ignored : .failure }
      .values(of: Int8.self) { _ in .failure }
    #expect(judge.judgesValues)
    #expect(judge.judge(value: -1) == .failure)
    #expect(judge.judge(value: 1) == .success)
    #expect(judge.judge(value: "") == .ignored)
    #expect(judge.judge(value: Int8(1)) == .failure)
    #expect(judge.judge(value: 1.5) == .success)
    #expect(judge.judge(Boom()) == .failure)
  }

  @Test("A classifier of one's own replaces the verdicts on errors")
  func own() {
    let judge = Classifier { $0 is Boom ? .success : .failure }
    #expect(judge.judge(Boom()) == .success)
    #expect(judge.judge(CancellationError()) == .failure)
  }
}
