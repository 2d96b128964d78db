internal import Resilience

/// Stops retries and hedges while a service fails too often, for all calls of a client.
///
/// There are `maxTokens` at first. A failure takes one, a success puts `tokenRatio` back. Extra calls
/// are made only while more than half are there.
///
/// | Tokens of 10, ratio 0.1 | Extra calls |
/// | --- | --- |
/// | 10, at first | yes |
/// | 6, after 4 failures | yes |
/// | 5, after 5 failures | no |
/// | 5.1, after a success | yes |
///
/// ## Source
/// [gRFC A6](https://github.com/grpc/proposal/blob/master/A6-client-retries.md), section “Throttling
/// Retry Attempts and Hedged RPCs”.
public final class RetryThrottle: Sendable {
  /// Tokens are counted in thousandths.
  private static let token = 1_000

  /// The number of tokens at first, and the most there can be; in 1...1000.
  public let maxTokens: Int

  /// The tokens that a success puts back, in steps of a thousandth.
  public let tokenRatio: Double

  private let refund: Int
  private let balance: Guarded<Int>

  init(_ object: ConfigObject) throws(ServiceConfigError) {
    guard let maxTokens = try object.integer("maxTokens", in: 1...1_000) else {
      throw object.invalid("maxTokens", allowed: "an integer in 1...1000")
    }
    let ratio = try object.positive("tokenRatio")
    // Further digits are dropped, so that what is left may be nothing. More than the most is the most.
    refund = Int((min(ratio, Double(maxTokens)) * Double(Self.token)).rounded(.down))
    guard refund > 0 else {
      throw object.invalid("tokenRatio", allowed: "a number of 0.001 or more")
    }
    self.maxTokens = maxTokens
    tokenRatio = Double(refund) / Double(Self.token)
    balance = Guarded(maxTokens * Self.token)
  }

  /// The tokens that there are.
  public var tokens: Double { Double(balance.withLock { $0 }) / Double(Self.token) }

  /// Whether extra calls are made.
  public var allowsExtraCalls: Bool { balance.withLock { $0 } > maxTokens * Self.token / 2 }

  func noteSuccess() {
    let most = maxTokens * Self.token
    balance.withLock { $0 = min(most, $0 + refund) }
  }

  func noteFailure() {
    balance.withLock { $0 = max(0, $0 - Self.token) }
  }
}
