/// Several runs at a glance, each with a link to where it is told in full.
struct Overview {
  let pictures: [RunPicture]
  let id: @Sendable (Int) -> String

  var markup: Markup {
    .group([legend, tiles])
  }

  private var legend: Markup {
    Tag.p(.class("note overview-note")) {
      "For each client: the share of all calls that were answered as they should be, and the requests "
      "that reached the service while it failed."
    }
  }

  private var tiles: Markup {
    Tag.nav(.class("overview"), .label("All runs")) {
      for (index, picture) in pictures.enumerated() {
        Tag.a(.class("card tile"), .link(to: id(index))) {
          Tag.span(.class("tile-name")) { picture.scenario }
          Tag.span(.class("note")) { picture.summary }
          Sparkline(picture: picture, id: "\(id(index))-spark").markup
          Tag.span(.class("tile-values")) {
            for (index, client) in picture.clients.enumerated() {
              Tag.span {
                Swatch(lineClass: client.series.lineClass).markup
                Tag.span { "\(client.name) " }
                Tag.strong { picture.figure(0, of: index) }
                Tag.span { "· \(picture.requests(of: index))" }
              }
            }
          }
          verdict(picture.claims)
        }
      }
    }
  }

  private func verdict(_ claims: [Claim]) -> Markup {
    guard !claims.isEmpty else {
      return Tag.span(.class("verdict")) { "nothing checked" }
    }
    let held = claims.count(where: \.holds)
    return Tag.span(.class(held == claims.count ? "verdict holds" : "verdict fails")) {
      held == claims.count ? "✓ all \(claims.count) claims hold" : "✗ \(claims.count - held) failed"
    }
  }
}

extension RunPicture {
  /// The requests of a client while the service failed.
  fileprivate func requests(of client: Int) -> String {
    client < figures.count && figures[client].count > 2 ? figures[client][2].value : "–"
  }

  /// A figure of a client in one piece.
  fileprivate func figure(_ place: Int, of client: Int) -> String {
    guard client < figures.count, place < figures[client].count else { return "–" }
    let figure = figures[client][place]
    return "\(figure.value) \(figure.unit)"
  }
}

/// The share of answered calls over time, without numbers.
struct Sparkline {
  private static let height = 44.0

  let picture: RunPicture
  let id: String

  var markup: Markup {
    Tag.svg(
      .class("spark"),
      .vector,
      .role("img"),
      .labelled(by: "\(id)-title", "\(id)-desc"),
      .width(.percent(100)),
      .height(.units(Self.height))
    ) {
      Tag.title(.id("\(id)-title")) { "Calls answered in the scenario \(picture.scenario)" }
      Tag.desc(.id("\(id)-desc")) {
        ChartDrawing(chart: chart).description
      }
      PhaseShades(time: picture.time.withoutNames, top: 0, height: Self.height).markup
      Tag.svg(
        .width(.percent(100)),
        .height(.units(Self.height)),
        .viewBox(width: ChartDrawing.inner, height: Self.height),
        .stretched
      ) {
        for line in chart.lines.backToFront {
          Tag.path(
            .class(line.series.lineClass),
            .data(ChartDrawing.path(line, chart: chart, height: Self.height, inset: 3)),
            .evenStroke
          )
        }
      }
    }
  }

  private var chart: Chart { picture.successChart(id: id) }
}
