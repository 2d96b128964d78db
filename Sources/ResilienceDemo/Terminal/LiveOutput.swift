internal import Resilience

/// The alternate screen of an output: it is up or it is not, whoever asks for it from where.
final class LiveOutput: Sendable {
  private let output: Output
  private let isUp = Guarded(false)

  init(_ output: Output) {
    self.output = output
  }

  /// Goes to the alternate screen, unless it is up.
  func begin() throws {
    try isUp.withLock { isUp in
      guard !isUp else { return }
      isUp = true
      try output.write(Frame.begin)
    }
  }

  /// Writes, if the alternate screen is up.
  func draw(_ text: String) throws {
    try isUp.withLock { isUp in
      if isUp { try output.write(text) }
    }
  }

  /// Leaves the alternate screen, if it is up.
  ///
  /// - Returns: Whether it was.
  @discardableResult
  func end() -> Bool {
    isUp.withLock { isUp in
      defer { isUp = false }
      if isUp { try? output.write(Frame.end) }
      return isUp
    }
  }

  /// That of standard output.
  static let standard = LiveOutput(.standard)
}
