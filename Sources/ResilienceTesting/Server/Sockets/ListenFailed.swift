/// Thrown when the server could not listen on its port.
public struct ListenFailed: Error, Sendable, Equatable, CustomStringConvertible {
  /// The port that was asked for; 0 stands for any free one.
  public let port: UInt16

  /// The system call that failed, such as `bind`.
  public let call: String

  /// The value of `errno`.
  public let code: Int32

  /// The port, the call and the code in a sentence.
  public var description: String {
    "Could not listen on port \(port) of 127.0.0.1: \(call) failed with errno \(code)."
  }
}
