// A generic type may have an `Optional` where its code does not say so: then a container is asked for
// a value, and not for one that may be absent.

/// An optional on its way out.
protocol OptionalValue {
  /// Whether it is nothing.
  static func isNil(_ value: Any) -> Bool
}

extension Optional: OptionalValue {
  static func isNil(_ value: Any) -> Bool {
    guard case .some(.some) = value as? Self else { return true }
    return false
  }
}

/// An optional on its way in.
protocol OptionalReading {
  /// Reads what may be absent.
  static func take(from source: some ValueSource, key: any CodingKey) throws -> Self
}

extension Optional: OptionalReading where Wrapped: Decodable {
  static func take(from source: some ValueSource, key: any CodingKey) throws -> Self {
    try source.take(Wrapped.self, key: key)
  }
}
