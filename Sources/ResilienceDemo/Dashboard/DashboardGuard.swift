import ResilienceTesting

/// Decides which requests come from the dashboard's own page.
///
/// Any page that the browser has open can send requests to a loopback port. Four things keep them
/// from pressing buttons, and from beginning a run by watching it: the name in `Host`, which a page
/// that has had its own name resolved to this machine does not know to be ours; `Origin`, which a
/// browser sends with every foreign `POST` and with what a foreign script reads; `Sec-Fetch-Site`,
/// which says of each request whose page asked; and a secret that stands in our page, which no
/// foreign page can read.
///
/// ## Source
/// OWASP, [Cross-Site Request Forgery Prevention
/// ](https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html);
/// Jackson, Barth, Bortz, Shao, Boneh (2007), [Protecting browsers from DNS rebinding
/// attacks](https://crypto.stanford.edu/dns/); W3C, [Fetch Metadata Request
/// Headers](https://www.w3.org/TR/fetch-metadata/).
struct DashboardGuard: Equatable, Sendable {
  static let secretField = "X-Demo-Secret"

  /// Stands in the page, and comes back with each command.
  let secret: String

  /// Draws a secret of 128 bits.
  init() {
    var random = SystemRandomNumberGenerator()
    let halves = [random.next(), random.next()].map { (half: UInt64) in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    secret = halves.joined()
  }

  /// Why a request is refused; `nil` if it is not.
  func refusal(of request: ServerRequest, port: UInt16) -> ServerResponse? {
    let names = ["127.0.0.1:\(port)", "localhost:\(port)"]
    let hosts = request.headers.values(of: "Host")
    guard hosts.count == 1, names.contains(hosts[0].lowercased()) else {
      return .text("This server has another name.\n", status: 421)
    }
    let origins = request.headers.values(of: "Origin")
    guard origins.allSatisfy({ origin in names.contains { "http://\($0)" == origin } }) else {
      return .text("Only the dashboard's own page may do that.\n", status: 403)
    }
    let sites = request.headers.values(of: "Sec-Fetch-Site")
    guard sites.allSatisfy({ ["same-origin", "none"].contains($0) }) else {
      return .text(
        "Only the dashboard's own page may do that; open its address yourself.\n",
        status: 403
      )
    }
    guard request.method == .post else { return nil }
    guard request.headers.values(of: Self.secretField) == [secret] else {
      return .text("The dashboard's secret is missing or wrong; reload the page.\n", status: 403)
    }
    return nil
  }
}
