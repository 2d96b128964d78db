import Resilience
import ResilienceTesting
import Testing

@Suite("Latency model")
struct LatencyModelTests {
  private let random = RandomSource(SplitMix64(seed: 1))

  private func draws(_ model: LatencyModel, count: Int = 10_000) -> [Duration] {
    (0..<count).map { _ in model.draw(from: random) }.sorted()
  }

  @Test("A constant one is constant, and never negative")
  func constant() {
    #expect(draws(.constant(.seconds(1)), count: 3) == [.seconds(1), .seconds(1), .seconds(1)])
    #expect(LatencyModel.constant(.seconds(-1)).draw(from: random) == .zero)
  }

  @Test("A uniform one stays within its bounds, with its mean between them")
  func uniform() {
    let draws = draws(.uniform(.milliseconds(10) ... .milliseconds(30)))
    #expect(draws.allSatisfy { (.milliseconds(10) ... .milliseconds(30)).contains($0) })
    #expect((.milliseconds(19) ... .milliseconds(21)).contains(draws[5_000]))
  }

  @Test("An exponential one has its mean")
  func exponential() {
    let draws = draws(.exponential(mean: .milliseconds(100)))
    let mean = draws.reduce(.zero, +) / draws.count
    #expect((.milliseconds(97) ... .milliseconds(103)).contains(mean))
  }

  @Test("A log-normal one has its median and its tail")
  func logNormal() {
    let draws = draws(.logNormal(median: .milliseconds(20), sigma: 0.5))
    #expect((.microseconds(19_500) ... .microseconds(20_500)).contains(draws[5_000]))
    #expect((.milliseconds(43) ... .milliseconds(49)).contains(draws[9_500]))
    #expect((.milliseconds(58) ... .milliseconds(70)).contains(draws[9_900]))
  }

  @Test("A bimodal one is the second for its share")
  func bimodal() {
    let model = LatencyModel.bimodal(
      .constant(.milliseconds(1)),
      .constant(.seconds(1)),
      secondShare: 0.1
    )
    #expect((900...1_100).contains(draws(model).count { $0 == .seconds(1) }))
  }
}
