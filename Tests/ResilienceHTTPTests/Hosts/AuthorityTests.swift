import Foundation
import Testing

@testable import ResilienceHTTP

@Suite("Authority")
struct AuthorityTests {
  private func authority(_ text: String) -> String? {
    URL(string: text).flatMap { Authority($0) }?.description
  }

  @Test(
    "Addresses that lead to the same server have one authority",
    arguments: [
      ("http://example.com", "http://example.com"),
      ("HTTP://Example.COM/", "http://example.com"),
      ("http://example.com:80/a?b#c", "http://example.com"),
      ("http://example.com:0080/", "http://example.com"),
      ("http://example.com./", "http://example.com"),
      ("http://user:secret@example.com/", "http://example.com"),
      ("https://example.com:443", "https://example.com"),
      ("https://example.com:80", "https://example.com:80"),
      ("http://example.com:443", "http://example.com:443"),
      ("https://EXAMPLE.com.:8443/x", "https://example.com:8443"),
      ("http://ex%61mple.com/", "http://example.com"),
      ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
      ("http://[::1]/", "http://[::1]"),
      ("http://[0:0:0:0:0:0:0:1]:80/", "http://[::1]"),
      ("http://[2001:DB8::00A]:81/", "http://[2001:db8::a]:81"),
    ]
  )
  func normal(text: String, expected: String) {
    #expect(authority(text) == expected)
  }

  @Test("Scheme, host and port each tell servers apart")
  func apart() {
    let all = [
      "http://a.test", "https://a.test", "http://b.test", "http://a.test:81", "http://a.a.test",
      "http://[::1]", "http://[::2]",
    ].compactMap { URL(string: $0).flatMap { Authority($0) } }
    #expect(Set(all).count == 7)
  }

  @Test(
    "What HTTP cannot carry has none",
    arguments: ["ftp://a.test", "file:///a", "mailto:a@b.test", "/a/b", "http:", "http:///a"]
  )
  func none(text: String) {
    #expect(authority(text) == nil)
  }

  @Test("A host that cannot exist has none, and nor has a port")
  func impossible() {
    func has(_ host: String, _ port: Int? = nil) -> Bool {
      Authority(scheme: "http", host: host, port: port) != nil
    }
    #expect(has(String(repeating: "a", count: 255)))
    #expect(!has(String(repeating: "a", count: 256)))
    for host in [
      "", ".", "..", "a..", "a..b", ".a", "a b", "a%2Fb", "a%", "a/b", "a@b", "a\u{0}", "[::1",
      "a]",
    ] {
      #expect(!has(host), "\(host)")
    }
    #expect(has("a", 0) && has("a", 65_535) && !has("a", 65_536) && !has("a", -1))
    #expect(has("bücher.example") && has("xn--bcher-kva.example"))
  }

  @Test("An IPv6 zone is kept, in one form")
  func zone() {
    let written = Authority(scheme: "http", host: "[fe80::1%25eth0]", port: nil)
    #expect(written?.description == "http://[fe80::1%eth0]")
    #expect(written == Authority(scheme: "http", host: "FE80:0::1%eth0", port: 80))
    #expect(written != Authority(scheme: "http", host: "fe80::1%eth1", port: nil))
    #expect(Authority(scheme: "http", host: "fe80::1%e/", port: nil) == nil)
  }
}

@Suite("IPv6 address")
struct IPv6AddressTests {
  @Test(
    "Every form is read, and one is written",
    arguments: [
      ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
      ("2001:0DB8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
      ("::ffff:192.0.2.1", "::ffff:c000:201"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ]
  )
  func forms(text: String, expected: String) throws {
    let address = try #require(IPv6Address(text))
    #expect(address.description == expected)
    #expect(IPv6Address(address.description) == address)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::",
      "1:2:3:4:5:6:7:8::", "1.2.3.4::", "::1.2.3", "::1.2.3.256", "::1.2.3.4.5", "::+1",
      "::1.2.3.4:5",
      "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "::0001.2.3.4", "::１",
    ]
  )
  func refused(text: String) {
    #expect(IPv6Address(text) == nil)
  }
}
