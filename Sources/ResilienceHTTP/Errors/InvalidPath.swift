public import Resilience

/// Thrown, before anything is sent, for a path that might name another resource than it seems to.
public struct InvalidPath: CallError, Hashable, CustomStringConvertible {
  /// The path, percent-encoded.
  public let path: String

  /// Creates the error, to test how code bears it.
  public init(path: String) {
    self.path = path
  }

  /// Ignored: no service was asked.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the path stays as it is.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line.
  public var description: String {
    "the path “\(path)” has a segment “.” or “..”, or a value in it is empty"
  }
}
