import Resilience

/// What a status code says about the service and about repeating the request.
///
/// ## Source
/// [RFC 9110, section 15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
struct HTTPStatus: Hashable, Sendable {
  let code: Int

  /// Whether the service has done what it was asked.
  var isSuccessful: Bool { (200...299).contains(code) }

  /// The table of ``HTTPStatusError``.
  var judgement: (verdict: Verdict, advice: RetryAdvice) {
    switch code {
    case 408, 429: (.failure, .allowed)
    case 425: (.failure, .notProcessed)
    case 100...499: (.success, .forbidden)
    case 501, 505, 510: (.success, .forbidden)
    case 506, 507, 508, 511: (.failure, .forbidden)
    // Codes that are unknown are treated as 500, and so are those that no status may have.
    default: (.failure, .allowed)
    }
  }
}
