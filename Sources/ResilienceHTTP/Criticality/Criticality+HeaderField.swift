public import Resilience

extension Criticality {
  /// The name of the header field that says how much a request matters: `X-Request-Criticality`.
  ///
  /// It is no standard. Every request of this package carries it if its criticality has been stated
  /// by `withCriticality(_:_:)`; what the priority of a task suggests is not sent, since nobody has
  /// said it.
  ///
  /// ## Source
  /// Cheng, A. C. & Beyer, B. (2016). [Handling
  /// overload](https://sre.google/sre-book/handling-overload/), in *Site Reliability Engineering*,
  /// section “Criticality”: the class is stated where a request enters, and passed on from there.
  public static let headerField = "X-Request-Criticality"

  /// The longest value that is looked at, in bytes.
  private static let longestValue = 64

  /// Reads the value of a header field, as a server does.
  ///
  /// ```swift
  /// let criticality = Criticality(headerField: request.headers[Criticality.headerField])
  /// ```
  ///
  /// A value that is missing, unknown, too long or a list is `nil`: a peer that says something else
  /// has said nothing. Blanks around it and the case of its letters do not matter. Whom a server does
  /// not trust may say anything: let the edge remove the field, or set it.
  ///
  /// - Parameter value: The value, such as `sheddable-plus`.
  public init?(headerField value: String?) {
    guard let value, value.utf8.count <= Self.longestValue else { return nil }
    self.init(value.trimmedBlanks)
  }

  /// Reads the field `X-Request-Criticality` among others, as a single value is read.
  ///
  /// - Parameter headers: The fields of a request.
  public init?(_ headers: HTTPHeaders) {
    self.init(headerField: headers[Self.headerField])
  }
}
