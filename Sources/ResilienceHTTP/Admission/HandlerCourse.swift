internal import Resilience

/// How a handler has fared, to tell its errors from those of the policies around it.
struct HandlerCourse {
  private(set) var hasBegun = false
  private var failure: (any Error)?

  mutating func begin() {
    hasBegun = true
    failure = nil
  }

  mutating func fail(_ error: any Error) { failure = error }

  /// Whether an error that came out of the pipeline is the one that the handler threw last.
  ///
  /// Policies rethrow what the operation threw as it is. An error of their own that comes after it,
  /// such as a timeout's after the cancellation it caused, is of another type, or names another
  /// policy.
  func isOwn(_ error: any Error) -> Bool {
    guard let failure, type(of: failure) == type(of: error) else { return false }
    guard error is any Rejection || error is TimedOut else { return true }
    return "\(failure)" == "\(error)"
  }
}
