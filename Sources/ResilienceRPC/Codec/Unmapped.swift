internal import Foundation

// Types that are `Codable` in a form of their own, which no peer would understand. To write them would
// go well, and be wrong.

/// What to use instead of a type that the formats have no place for; `nil` for any other type.
private func substitute(for type: Any.Type) -> String? {
  let seconds = "use a message of seconds = 1 (Int64) and nanos = 2 (Int32), or text in JSON"
  switch type {
  case is Date.Type: return "a Date, which is google.protobuf.Timestamp in a schema: \(seconds)"
  case is Duration.Type:
    return "a Duration, which is google.protobuf.Duration in a schema: \(seconds)"
  case is URL.Type: return "a URL: use its absoluteString"
  case is Decimal.Type: return "a Decimal: use its description"
  case is any AnyMap.Type where !(type is any ProtoMapReading.Type):
    return "\(type): the key of a map is text, an integer or a Bool"
  default: return nil
  }
}

/// Refuses a type that the formats have no place for.
///
/// - Parameter type: A type that is neither a scalar, an enumeration of a schema nor a map.
/// - Throws: ``ProtoError/unsupported(_:)``, which says what to use instead.
func refuseWithoutMapping(_ type: Any.Type) throws(ProtoError) {
  if let substitute = substitute(for: type) { throw .unsupported(substitute) }
}

/// A dictionary, whatever its key.
private protocol AnyMap {}

extension Dictionary: AnyMap {}
