/// When a quota that is used up begins anew, as the header fields of rate limits say.
///
/// | Fields | What they say |
/// | --- | --- |
/// | `RateLimit: "name";r=0;t=30` | the present draft: what remains, and seconds until it is more; of several that are used up, the longest |
/// | `RateLimit: limit=9, remaining=0, reset=30` | an earlier draft |
/// | `RateLimit-Remaining`, `RateLimit-Reset` | an earlier draft: seconds |
/// | `X-RateLimit-Remaining`, `X-RateLimit-Reset` | no standard: seconds, or, as GitHub and X say it, a time since 1970 |
///
/// A reset of 1 000 000 000 and more is a time since 1970: as seconds to wait it would be 31 years. Its
/// distance is taken from the response's own `Date`, if it has one. What is malformed is not said.
///
/// ## Source
/// [draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/),
/// versions 03 and 10; GitHub, [Rate limits for the REST
/// API](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
enum RateLimitHint {
  /// From here on a reset is a time since 1970.
  private static let earliestTime = 1_000_000_000
  /// The longest value that is read, in bytes.
  private static let longestValue = 1_024

  /// Seconds until the quota begins anew, not negative.
  ///
  /// - Parameters:
  ///   - headers: The fields of a response.
  ///   - isRefusal: Whether the status itself says that the quota is used up, so that no field has
  ///     to.
  ///   - sent: When the response was sent, in seconds since 1970.
  /// - Returns: The seconds; `nil` if the quota is not used up, or nothing is said of it.
  static func seconds(_ headers: HTTPHeaders, isRefusal: Bool, sent: Int) -> Int? {
    if let value = headers["RateLimit"], value.utf8.count <= longestValue {
      let quotas = quotas(of: value)
      let used = quotas.filter { $0.remaining == 0 }.compactMap(\.reset)
      if let longest = used.max() { return longest }
      if !quotas.isEmpty { return nil }
    }
    for prefix in ["RateLimit", "X-RateLimit"] {
      guard let reset = headers["\(prefix)-Reset"].flatMap(number) else { continue }
      let remaining = headers["\(prefix)-Remaining"].flatMap(number)
      guard remaining == 0 || remaining == nil && isRefusal else { return nil }
      return reset >= earliestTime ? max(0, reset - sent) : reset
    }
    return nil
  }

  private struct Quota {
    var remaining: Int?
    var reset: Int?
  }

  /// The quotas of the field `RateLimit`, in either form.
  private static func quotas(of value: String) -> [Quota] {
    var quotas: [Quota] = []
    var earlier = Quota()
    for item in value.split(separator: ",") {
      var quota = Quota()
      for parameter in item.split(separator: ";") {
        let halves = parameter.split(separator: "=", maxSplits: 1).map { String($0).trimmedBlanks }
        guard halves.count == 2, let number = number(halves[1]) else { continue }
        switch halves[0] {
        case "r": quota.remaining = number
        case "t": quota.reset = number
        case "remaining": earlier.remaining = number
        case "reset": earlier.reset = number
        default: break
        }
      }
      if quota.remaining != nil { quotas.append(quota) }
    }
    return earlier.remaining == nil ? quotas : quotas + [earlier]
  }

  /// A number of digits only; too many are the largest number.
  private static func number(_ text: String) -> Int? {
    let digits = text.trimmedBlanks
    guard (1...longestValue).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit) else {
      return nil
    }
    return Int(digits) ?? .max
  }
}
