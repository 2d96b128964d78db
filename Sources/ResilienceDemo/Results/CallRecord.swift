import Foundation
import Resilience
import ResilienceHTTP

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One call as the client saw it.
///
/// Times count from the beginning of the run.
struct CallRecord: Equatable, Sendable {
  /// When the call was to begin.
  let due: Duration

  /// When it began; later than due if the machine was busy.
  let began: Duration

  /// When its outcome was there.
  let ended: Duration

  let outcome: CallOutcome

  /// Whether the kernel took the processor away from the call while it stayed on its thread.
  var wasPreempted = false

  /// Whether it was the bulkhead that refused the call: the client was busy, whatever the service did.
  var lackedPlace = false

  var latency: Duration { ended - began }
}

/// How a call ended.
enum CallOutcome: Equatable, Sendable {
  /// The service answered as one in good health does; 404 for an unknown user is such an answer.
  case success

  /// The call was made, and this came of it.
  case failure(String)

  /// A policy refused the call before anything was sent.
  case refused

  /// The client had too many calls in flight to begin another; counted as a failure.
  case dropped
}

extension CallOutcome {
  /// Why calls fail whose time was over, whoever watched it.
  static let timedOut = "timed out"

  /// Judges an error.
  ///
  /// - Parameters:
  ///   - error: What the client threw.
  ///   - attempts: How often something was sent. A refusal after an attempt is no refusal at once.
  init(_ error: any Error, attempts: Int) {
    switch error {
    case is CircuitOpen where attempts == 0: self = .refused
    case let error as BulkheadFull where attempts == 0 && error.reason == .queueFull:
      self = .refused
    case is CircuitOpen: self = .failure("circuit opened before the retry")
    case is BulkheadFull: self = .failure("no place in the bulkhead")
    case is TimedOut: self = .failure(Self.timedOut)
    case let error as HTTPStatusError: self = .failure("status \(error.status)")
    case let error as BareClient.BadStatus: self = .failure("status \(error.status)")
    case let error as URLError: self = .failure(Self.reason(error.code))
    case is DecodingError, is HTTPDecodingError: self = .failure("unreadable answer")
    default: self = .failure("other: \(type(of: error))")
    }
  }

  private static func reason(_ code: URLError.Code) -> String {
    switch code {
    case .timedOut: timedOut
    case .cannotConnectToHost: "connection refused"
    case .networkConnectionLost: "connection lost"
    case .badServerResponse: "connection closed without an answer"
    default: "URLError \(code.rawValue)"
    }
  }
}
