/// What a finished call says about the health of the callee.
@frozen
public enum Verdict: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// The callee answered as it should, be it with bad news for the caller.
  case success

  /// The callee did not answer, answered too late, or said that it cannot serve.
  case failure

  /// The call says nothing: it moves no counter and only gives back what it held.
  case ignored

  /// The word for it.
  public var description: String { rawValue }
}
