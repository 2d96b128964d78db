/// The header field in which a request says how much time its caller has left.
///
/// The value is a number of milliseconds from when the request was sent, in decimal digits:
/// `X-Request-Deadline: 1500`. It is a span, not a point in time, so that the clocks of the two sides
/// need not agree; the time on the wire is lost. It is no standard.
///
/// ## Source
/// The idea: [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md),
/// `grpc-timeout`.
public struct DeadlineField: Hashable, Sendable {
  /// The longest value that is looked at, in bytes.
  static let longestValue = 64

  /// The name of the field.
  public let name: String

  /// The longest time that a request may claim; a longer one counts as this.
  public let longest: Duration

  /// Creates a description of the field.
  ///
  /// - Parameters:
  ///   - name: The name of the field.
  ///   - longest: The longest time that a request may claim. Not negative.
  /// - Precondition: `longest >= .zero`.
  public init(name: String = "X-Request-Deadline", longest: Duration = .seconds(3_600)) {
    precondition(longest >= .zero, "need longest (\(longest)) >= 0")
    self.name = name
    self.longest = longest
  }

  /// Reads a value.
  ///
  /// Zero is a deadline that has passed. A value that is missing, is no number (a sign, a fraction, a
  /// unit and a list make it none) or has more than 64 bytes says nothing; a number that is too large
  /// is cut to ``longest``, however many digits it has.
  ///
  /// - Parameter value: The value of the field.
  /// - Returns: The time left, in zero...``longest``; `nil` if nothing is said.
  public func remaining(in value: String?) -> Duration? {
    guard let value, value.utf8.count <= Self.longestValue else { return nil }
    let digits = value.trimmedBlanks
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    // More digits than an integer holds are more milliseconds than anyone has.
    guard let milliseconds = Int64(digits) else { return longest }
    return min(longest, .milliseconds(milliseconds))
  }

  /// Reads the field among others.
  ///
  /// - Parameter headers: The fields of a request.
  /// - Returns: The time left, as one value is read.
  public func remaining(in headers: HTTPHeaders) -> Duration? { remaining(in: headers[name]) }
}
