/// What is left of a call's time, as a header field: whole milliseconds, rounded down.
///
/// A time that is left, and not a point in time, for the clocks of two machines do not agree. gRPC's
/// `grpc-timeout` and Envoy's `x-envoy-expected-rq-timeout-ms` do the same.
///
/// ## Source
/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), “Timeout”.
enum DeadlineField {
  /// Digits that are read at most; more is some 30 000 years.
  private static let mostDigits = 15

  /// The value of the field; `nil` if less than a millisecond is left.
  static func value(of remaining: Duration) -> String? {
    let (seconds, attoseconds) = remaining.components
    let (milliseconds, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
    guard !overflows else { return remaining > .zero ? "999999999999999" : nil }
    let whole = milliseconds + attoseconds / 1_000_000_000_000_000
    return whole > 0 ? String(min(whole, 999_999_999_999_999)) : nil
  }

  /// Reads the value of a field; what is no number of at most fifteen digits is `nil`.
  static func duration(of value: String?) -> Duration? {
    guard let digits = value?.trimmedBlanks, (1...mostDigits).contains(digits.utf8.count),
      digits.utf8.allSatisfy(\.isDigit), let milliseconds = Int64(digits)
    else { return nil }
    return .milliseconds(milliseconds)
  }
}
