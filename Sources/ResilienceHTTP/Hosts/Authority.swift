public import Foundation

/// Who answers an address: scheme, host and port, written in one way only.
///
/// Addresses that lead to the same server have the same authority: the case of scheme and host, a
/// port that is the scheme's own, a dot at the end of the host, and the many ways to write an IPv6
/// address make no difference. User, password, path, query and fragment are no part of it.
///
/// | Address | Authority |
/// | --- | --- |
/// | `HTTP://Example.COM.:80/a?b` | `http://example.com` |
/// | `https://example.com:8443` | `https://example.com:8443` |
/// | `http://[0:0:0:0:0:0:0:1]:80/` | `http://[::1]` |
///
/// Names are not looked up: `localhost` and `127.0.0.1` are two.
///
/// ## Source
/// [RFC 3986, section 6.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2); the text of IPv6
/// addresses: [RFC 5952, section 4](https://www.rfc-editor.org/rfc/rfc5952#section-4).
public struct Authority: Hashable, Sendable {
  /// The longest host that is looked at, in bytes; no name that can be resolved is longer.
  static let longestHost = 255

  /// `http` or `https`.
  public let scheme: String

  /// The host in lower case; an IPv6 address in square brackets.
  public let host: String

  /// The port, also where the address leaves it to the scheme.
  public let port: Int

  /// Finds out who answers an address.
  ///
  /// - Parameter url: An address; what is neither HTTP nor HTTPS, or has no host that could exist,
  ///   gives `nil`.
  public init?(_ url: URL) {
    guard let scheme = url.scheme, let host = url.host(percentEncoded: true) else { return nil }
    self.init(scheme: scheme, host: host, port: url.port)
  }

  /// Normalises the parts of an address.
  ///
  /// - Parameters:
  ///   - scheme: `http` or `https`, in any case.
  ///   - host: A name or an address, percent-encoded or not, with or without square brackets.
  ///   - port: The port; `nil` for the scheme's own.
  init?(scheme: String, host: String, port: Int?) {
    let defaultPort: Int
    switch scheme.lowercased() {
    case "http": defaultPort = 80
    case "https": defaultPort = 443
    default: return nil
    }
    let port = port ?? defaultPort
    guard (0...65_535).contains(port), let host = Self.normalised(host) else { return nil }
    self.scheme = defaultPort == 80 ? "http" : "https"
    self.host = host
    self.port = port
  }

  private var isDefaultPort: Bool { port == (scheme == "http" ? 80 : 443) }

  private static func normalised(_ host: String) -> String? {
    guard host.utf8.count <= longestHost else { return nil }
    if host.utf8.contains(UInt8(ascii: ":")) { return normalisedIPv6(host) }
    // A percent sign that encodes nothing stays, and is no character of a host.
    var name = (host.removingPercentEncoding ?? host).lowercased()
    // The dot of a fully qualified name.
    if name.hasSuffix(".") { name.removeLast() }
    guard !name.isEmpty, !name.hasPrefix("."), !name.hasSuffix("."), !name.contains(".."),
      name.utf8.count <= longestHost,
      name.unicodeScalars.allSatisfy(isPartOfName)
    else { return nil }
    return name
  }

  private static func normalisedIPv6(_ host: String) -> String? {
    var text = Substring(host)
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    // A zone, such as `%25eth0`, says by which interface; its case may matter.
    let zone = text.firstIndex(of: "%").map { text[$0...] } ?? ""
    guard zone.unicodeScalars.allSatisfy({ isPartOfName($0) || $0 == "%" }),
      let address = IPv6Address(text.prefix { $0 != "%" })
    else { return nil }
    return "[\(address)\(zone.hasPrefix("%25") ? "%" + zone.dropFirst(3) : zone)]"
  }

  /// Whether a character may stand in a host; none of those that end one may.
  private static func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x20 && scalar.value != 0x7F
      && !"/?#@:[]\\%<>^|\"`{}".unicodeScalars.contains(scalar)
  }
}

extension Authority: CustomStringConvertible {
  /// The authority as the beginning of an address, such as `https://example.com:8443`.
  public var description: String {
    isDefaultPort ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
  }
}
