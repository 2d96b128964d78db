extension ServerRequest {
  /// The name of a request method; names compare with case.
  public struct Method: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name as it stands on the wire.
    public let rawValue: String

    /// Creates a method of any name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// The name as it stands on the wire.
    public var description: String { rawValue }

    /// Asks for a representation.
    public static let get = Self(rawValue: "GET")

    /// Asks for the header fields that `get` would answer with.
    public static let head = Self(rawValue: "HEAD")

    /// Hands something over to be processed; not safe to repeat by itself.
    public static let post = Self(rawValue: "POST")

    /// Replaces a representation.
    public static let put = Self(rawValue: "PUT")

    /// Changes a representation in part.
    public static let patch = Self(rawValue: "PATCH")

    /// Removes a resource.
    public static let delete = Self(rawValue: "DELETE")

    /// Asks what may be done.
    public static let options = Self(rawValue: "OPTIONS")
  }
}
