/// What is left of a call's time, as it stands on the wire: rounded down, but never to nothing.
///
/// | Left | `Connect-Timeout-Ms` | `grpc-timeout` |
/// | --- | --- | --- |
/// | 1.5 µs | `1` | `1500n` |
/// | 2 s | `2000` | `2000000u` |
/// | 30 h | `108000000` | `108000S` |
///
/// gRPC allows eight digits and lets the client choose a unit; the finest that fits is chosen.
/// Connect allows ten digits, about 115 days. What is longer is sent as the longest.
///
/// ## Source
/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests),
/// “Timeout”; [Connect, Unary-Request](https://connectrpc.com/docs/protocol/#unary-request).
enum RPCTimeout {
  /// The header fields.
  static let connectField = "connect-timeout-ms"
  static let grpcField = "grpc-timeout"

  /// The value for Connect; `nil` if nothing is left.
  static func connectValue(_ left: Duration) -> String? {
    guard left > .zero else { return nil }
    let (seconds, attoseconds) = left.components
    guard seconds < 10_000_000 else { return "9999999999" }
    let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    return "\(max(1, milliseconds))"
  }

  /// The value for gRPC; `nil` if nothing is left.
  static func grpcValue(_ left: Duration) -> String? {
    guard left > .zero else { return nil }
    let (seconds, attoseconds) = left.components
    let most: Int64 = 99_999_999
    // The number of units in a second, finest first; hours and minutes only where seconds are many.
    for (unit, perSecond) in [("n", 1_000_000_000), ("u", 1_000_000), ("m", 1_000), ("S", 1)]
      as [(String, Int64)]
    {
      guard seconds <= most / perSecond else { continue }
      let value = seconds * perSecond + attoseconds / (1_000_000_000_000_000_000 / perSecond)
      if value <= most { return "\(max(1, value))\(unit)" }
    }
    if seconds / 60 <= most { return "\(seconds / 60)M" }
    return "\(min(most, seconds / 3_600))H"
  }

  /// Reads a value of Connect, as a server does; `nil` if it is none.
  static func connectDuration(_ value: String) -> Duration? {
    guard let milliseconds = number(value, digits: 10) else { return nil }
    return .milliseconds(milliseconds)
  }

  /// Reads a value of gRPC, as a server does; `nil` if it is none.
  static func grpcDuration(_ value: String) -> Duration? {
    guard let unit = value.last, let number = number(String(value.dropLast()), digits: 8) else {
      return nil
    }
    return switch unit {
    case "n": .nanoseconds(number)
    case "u": .microseconds(number)
    case "m": .milliseconds(number)
    case "S": .seconds(number)
    case "M": .seconds(number * 60)
    case "H": .seconds(number * 3_600)
    default: nil
    }
  }

  private static func number(_ text: String, digits: Int) -> Int64? {
    guard (1...digits).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int64(text)
  }
}
