/// The page of one run or of several: all in one file, nothing is loaded and nothing is run.
struct ReportPage {
  let pictures: [RunPicture]

  var document: Document {
    PageFrame(title: title, kind: .report) {
      Tag.header(.class("top")) {
        Tag.p(.class("brand")) { "resilience-demo" }
        Tag.h1 { headline }
        Tag.p(.class("lead")) { lead }
      }
      if pictures.count > 1 {
        Overview(pictures: pictures, id: Self.id).markup
      }
      for (index, picture) in pictures.enumerated() {
        RunSection(picture: picture, id: Self.id(index)).markup
      }
    }
    .document
  }

  static func id(_ run: Int) -> String { "run-\(run + 1)" }

  private var title: String {
    "resilience-demo: " + pictures.map(\.scenario).joined(separator: ", ")
  }

  private var headline: String {
    switch verdict {
    case (0, 0): pictures.isEmpty ? "Nothing was run" : "No claim is made of this"
    case (let held, let all) where held == all:
      all == 1 ? "The one claim holds" : "All \(all) claims hold"
    case (let held, let all): "\(all - held) of \(all) claims failed"
    }
  }

  private var verdict: (held: Int, all: Int) {
    let claims = pictures.flatMap(\.claims)
    return (claims.count(where: \.holds), claims.count)
  }

  private var lead: String {
    guard !pictures.isEmpty else { return "There is no result to show." }
    let names = pictures.flatMap(\.clients).map(\.name)
    let clients = names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map(\.element)
    let times = pictures.count == 1 ? "A service" : "\(pictures.count) times a service"
    return
      "\(times) fails and recovers; the same calls are made by clients that differ only in what "
      + "protects them: \(clients.joined(separator: ", "))."
  }
}

/// What all pages have around their content.
struct PageFrame {
  enum Kind: Equatable, Sendable {
    /// Loads nothing, runs nothing.
    case report
    /// Runs one script of its own server, and sends the secret with each command.
    case dashboard(secret: String)

    /// What the browser is to allow the page: no address but that of its own server.
    ///
    /// ## Source
    /// W3C, [Content Security Policy 3](https://www.w3.org/TR/CSP3/).
    var policy: String {
      switch self {
      case .report: "default-src 'none'; style-src 'unsafe-inline'"
      case .dashboard:
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'"
      }
    }
  }

  let title: String
  let kind: Kind
  let content: [Markup]

  init(title: String, kind: Kind, @MarkupBuilder content: () -> [Markup]) {
    self.title = title
    self.kind = kind
    self.content = content()
  }

  var document: Document {
    Document(
      root: Tag.html(.language("en"), .namespace) {
        Tag.head {
          Tag.meta(.charset("utf-8"))
          Tag.meta(.httpEquiv("Content-Security-Policy"), .content(kind.policy))
          Tag.meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
          Tag.meta(.name("color-scheme"), .content("light dark"))
          Tag.title { title }
          Tag.style { Markup.rules(.page) }
        }
        Tag.body(.class(kind == .report ? "report" : "dashboard")) {
          Tag.main { content }
          if case .dashboard(let secret) = kind {
            Tag.script(.source(DashboardScript.path), .secret(secret), .id("dashboard"))
          }
        }
      }
    )
  }
}
