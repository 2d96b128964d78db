public import Foundation
public import Resilience

/// Thrown when a body could not be written to its file: the folder is missing, or the disk is full.
public struct FileNotWritten: CallError, CustomStringConvertible {
  /// The file that was asked for.
  public let file: URL

  /// What the file system says.
  public let underlying: any Error

  /// Creates the error, to test how code bears it.
  public init(file: URL, underlying: any Error) {
    self.file = file
    self.underlying = underlying
  }

  /// Ignored: the service has done nothing wrong.
  public var verdict: Verdict { .ignored }

  /// Forbidden: the next attempt would find the same file system.
  public var retryAdvice: RetryAdvice { .forbidden }

  /// The error on one line.
  public var description: String {
    "“\(file.lastPathComponent)” could not be written: \(underlying)"
  }
}
