/// The report of a run while it goes on, with buttons.
struct DashboardPage {
  static let runID = "run"

  let scene: Scene
  let secret: String

  var document: Document {
    PageFrame(title: title, kind: .dashboard(secret: secret)) { content }.document
  }

  /// What stands on the page.
  @MarkupBuilder private var content: [Markup] {
    Tag.header(.class("top")) {
      Tag.p(.class("brand")) { "resilience-demo" }
      Tag.h1 { "Break the service, and watch" }
    }
    Tag.section(.class("card controls"), .label("Break the service")) {
      Tag.div(.part("status")) { status }
      Tag.div(.class("bar"), .part("switches")) { switches }
      Tag.p(.class("message"), .id("message"), .live, .role("status")) {
        "Each button breaks every client's copy of the service, until it is pressed again."
      }
    }
    RunSection(picture: scene.picture, id: Self.runID).markup
  }

  /// What changes while the run goes on, in the order of the page.
  var parts: [(name: String, content: String)] { Markup.group(content).parts }

  private var title: String { "resilience-demo: \(scene.picture.scenario)" }

  private var status: Markup {
    Tag.p(.class("status")) {
      switch scene.act {
      case .waiting: "The run begins when this page is there."
      case .running:
        Tag.strong { "\(scene.picture.elapsed.fixed(1)) s" }
        " of \(scene.picture.duration.fixed(0)) s"
        if let phase {
          ", service "
          Tag.strong { phase }
        }
      case .finished:
        "The run is over. "
        Tag.strong { verdict }
      }
    }
  }

  private var phase: String? {
    let picture = scene.picture
    return picture.phases.last { $0.start <= picture.elapsed && picture.elapsed <= $0.end }?.name
  }

  private var verdict: String {
    let claims = scene.picture.claims
    let held = claims.count(where: \.holds)
    if scene.isTouched { return "No claim is checked: the service was broken by hand." }
    if claims.isEmpty { return "No claim is made of it." }
    return held == claims.count
      ? "All \(held) claims hold." : "\(claims.count - held) of \(claims.count) claims failed."
  }

  private var switches: Markup {
    .group(
      scene.switches.map { item in
        Tag.button(
          .type("button"),
          .action("/faults/\(item.name)"),
          .pressed(item.isOn)
        ) { item.title }
      } + [
        Tag.button(.type("button"), .action("/heal")) { "Heal" },
        Tag.button(.type("button"), .class("primary"), .action("/play")) { "Run again" },
      ]
    )
  }
}
