import Resilience

/// When the server wants to be asked again, as its `Retry-After` says, or else its rate limit.
///
/// Both forms are read: a number of seconds, and a date, whose distance is taken from the response's
/// own `Date` if it has one, so that the clocks of both sides need not agree. A date that has passed
/// means at once. What is neither counts as nothing said. A response of 429 or 503 without it may say
/// the same by the fields of a ``RateLimitHint``.
///
/// ## Source
/// [RFC 9110, section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
enum RetryAfter: Hashable, Sendable {
  /// The server has said nothing that can be understood.
  case unsaid

  /// Not before the given time has passed.
  case after(Duration)

  /// Later than anyone should wait for.
  case tooLong

  /// Reads the header fields of a response.
  ///
  /// - Parameters:
  ///   - headers: The fields.
  ///   - status: The status of the response.
  ///   - now: The present in seconds since 1970, for a response that has no `Date`.
  ///   - limit: The longest time to wait, itself included.
  init(_ headers: HTTPHeaders, status: Int = 503, now: Int, upTo limit: Duration) {
    self = Self(retryAfter: headers, now: now, upTo: limit)
    guard self == .unsaid, status == 429 || status == 503 else { return }
    let sent = Self.sent(headers, now: now)
    if let reset = RateLimitHint.seconds(headers, isRefusal: status == 429, sent: sent) {
      self = Self(seconds: reset, upTo: limit)
    }
  }

  private init(retryAfter headers: HTTPHeaders, now: Int, upTo limit: Duration) {
    guard let text = headers["Retry-After"]?.trimmedBlanks, !text.isEmpty else {
      self = .unsaid
      return
    }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // More digits than an integer holds are more seconds than anyone waits.
      self = Self(seconds: Int(text) ?? .max, upTo: limit)
    } else if let date = HTTPDate(text, now: now) {
      self = Self(seconds: max(0, date.seconds - Self.sent(headers, now: now)), upTo: limit)
    } else {
      self = .unsaid
    }
  }

  /// When the response was sent, by its own `Date` if it has one.
  private static func sent(_ headers: HTTPHeaders, now: Int) -> Int {
    headers["Date"].flatMap { HTTPDate($0.trimmedBlanks, now: now) }?.seconds ?? now
  }

  private init(seconds: Int, upTo limit: Duration) {
    self = Duration.seconds(seconds) <= limit ? .after(.seconds(seconds)) : .tooLong
  }
}

extension String {
  /// The text without the spaces and tabs around it.
  var trimmedBlanks: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
