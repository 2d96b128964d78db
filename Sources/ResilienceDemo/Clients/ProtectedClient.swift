import Foundation
import Resilience
import ResilienceHTTP
import ResilienceTesting

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The same client behind a pipeline.
struct ProtectedClient: UserClient {
  let breaker: CircuitBreaker
  private let session: URLSession
  private let users: HTTPService<AnyPolicy>

  init(url: URL, limits: Limits, seed: UInt64, meter: AttemptMeter) {
    let breaker = CircuitBreaker(
      "users",
      trip: .consecutiveFailures(limits.consecutiveFailures)
        || .failureRate(
          limits.failureRate,
          lastCalls: limits.failureRateLastCalls,
          minimumCalls: limits.failureRateMinimumCalls
        ),
      openFor: limits.openFor,
      probes: limits.probes
    )
    let pipeline = Pipeline("users") {
      Timeout(limits.callTimeout, name: "call")
      Retry(
        attempts: limits.attempts,
        backoff: .exponential(
          from: .milliseconds(limits.backoffFromMilliseconds),
          upTo: .milliseconds(limits.backoffUpToMilliseconds)
        ),
        random: RandomSource(SplitMix64(seed: seed))
      )
      breaker
      Bulkhead(
        limit: limits.bulkheadLimit,
        queue: limits.bulkheadQueue,
        maxWait: limits.attemptTimeout
      )
      Timeout(limits.attemptTimeout, name: "attempt")
      meter
    }
    let session = URLSession(configuration: .demo(limits))
    self.breaker = breaker
    self.session = session
    users = HTTPService(baseURL: url, session: session, pipeline: AnyPolicy(pipeline))
  }

  func send(_ call: UserCall) async throws -> UserReply {
    do {
      switch call {
      case .read(let id), .readUnknown(let id):
        return .user(try await users.get("users/\(id)", as: User.self))
      case .create(let name):
        return .user(try await users.post("users", body: NewUser(name: name), as: User.self))
      case .createInvalid:
        return .user(try await users.post("users", body: ["nickname": "x"], as: User.self))
      }
    } catch let error as HTTPStatusError where error.status == 404 {
      return .noSuchUser
    } catch let error as HTTPStatusError where error.status == 400 {
      return .invalid
    }
  }

  func close() {
    session.invalidateAndCancel()
  }
}
