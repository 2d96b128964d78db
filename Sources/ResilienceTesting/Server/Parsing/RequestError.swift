/// Why a request was refused before any route saw it: the status to answer, and a reason.
struct RequestError: Error, Equatable, Sendable {
  let status: Int
  let reason: String

  init(_ status: Int, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  static func malformed(_ reason: String) -> Self { Self(400, reason) }

  static let bodyTooLong = Self(413, "the body is too long")
  static let targetTooLong = Self(414, "the request line is too long")
  static let expectationUnknown = Self(417, "the expectation is not known")
  static let fieldsTooLarge = Self(431, "the header section is too large")
  static let bareLineEnd = malformed("a line does not end in CR LF, or has a CR inside")
}
