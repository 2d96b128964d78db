/// All there is to say of one run.
struct RunSection {
  let picture: RunPicture
  /// Names the section and all in it within its page.
  let id: String

  var markup: Markup {
    Tag.section(.class("run"), .id(id), .labelled(by: "\(id)-title")) {
      head
      cards
      Tag.div(.class("columns")) {
        Tag.div(.class("wide")) {
          ChartFigure(chart: picture.successChart(id: id), bands: picture.bands).markup
        }
        ChartFigure(chart: picture.latencyChart(id: id, p99: true)).markup
        ChartFigure(chart: picture.latencyChart(id: id, p99: false)).markup
        ChartFigure(chart: picture.requestsChart(id: id)).markup
        ChartFigure(chart: picture.attemptsChart(id: id)).markup
        Tag.div(.class("wide")) { outcomes }
      }
      Tag.div(.class("columns facts")) {
        if isWide { totals }
        Tag.div(.class("stack")) {
          claims
          events
        }
        Tag.div(.class("stack")) {
          if !isWide { totals }
          settings
        }
      }
    }
  }

  /// Whether the table of the totals needs the whole width.
  private var isWide: Bool { picture.clients.count > 3 }

  private var head: Markup {
    Tag.header(.class("run-head")) {
      Tag.h2(.id("\(id)-title")) { picture.scenario }
      Tag.p(.class("lead")) { picture.summary }
      Tag.p(.class("look")) {
        Tag.strong { "What to look at. " }
        picture.lookAt
      }
    }
  }

  private var cards: Markup {
    Tag.div(.class("cards")) {
      for (index, client) in picture.clients.enumerated() {
        Tag.div(.class("card client")) {
          Tag.h3 {
            Swatch(lineClass: client.series.lineClass).markup
            Tag.span { client.name }
          }
          Tag.p(.class("note")) { client.description }
          Tag.div(.part("\(id)-figures\(index)")) { figures(index) }
        }
      }
    }
  }

  private func figures(_ index: Int) -> Markup {
    Tag.dl(.class("figures")) {
      for figure in index < picture.figures.count ? picture.figures[index] : [] {
        Tag.div {
          Tag.dt { figure.label }
          Tag.dd {
            Tag.strong { figure.value }
            Tag.span { figure.unit }
          }
        }
      }
    }
  }

  private var outcomes: Markup {
    Tag.figure(.class("card chart-card")) {
      Tag.figcaption {
        Tag.h3 { "What became of the calls" }
        Tag.p(.class("note")) {
          "All calls that ended in an interval, one upon the other."
        }
        Tag.ul(.class("legend")) {
          for name in ["answered", "refused", "failed"] {
            Tag.li {
              Tag.span(.class("box \(name)"), .decoration)
              Tag.span { name == "refused" ? "refused at once" : name }
            }
          }
        }
      }
      for (index, client) in picture.clients.enumerated() {
        Tag.p(.class("strip-name")) { client.name }
        Tag.div(.class("plot"), .part("\(id)-outcomes\(index)")) {
          OutcomeDrawing(
            id: "\(id)-outcomes\(index)",
            client: client,
            time: picture.time,
            most: picture.mostCalls
          ).markup
        }
      }
      Tag.details {
        Tag.summary { "The values as a table" }
        Tag.div(.class("scroll"), .part("\(id)-outcomes-table"), .focusable) { outcomeTable }
      }
    }
  }

  private var outcomeTable: Markup {
    Tag.table(.class("values")) {
      Tag.caption { "Answered / refused at once / failed, by interval" }
      Tag.thead {
        Tag.tr {
          Tag.th(.scope("col")) { "until" }
          for client in picture.clients { Tag.th(.scope("col")) { client.name } }
        }
      }
      Tag.tbody {
        for interval in 0..<(picture.clients.map(\.intervals.count).max() ?? 0) {
          Tag.tr {
            Tag.th(.scope("row")) { "\(picture.time.end(of: interval).fixed(2)) s" }
            for client in picture.clients {
              Tag.td { outcome(client.intervals, interval) }
            }
          }
        }
      }
    }
  }

  private func outcome(_ intervals: [IntervalResult], _ index: Int) -> String {
    guard index < intervals.count else { return "–" }
    let interval = intervals[index]
    return "\(interval.successes) / \(interval.refusedAtOnce) / \(interval.failures)"
  }

  private var claims: Markup {
    Tag.section(.class("card"), .part("\(id)-claims")) {
      Tag.h3 { "Claims, checked" }
      if picture.claims.isEmpty {
        Tag.p(.class("note")) {
          picture.elapsed < picture.duration
            ? "They are checked when the run is over." : "No claim is made of this run."
        }
      } else {
        Tag.ul(.class("claims")) {
          for claim in picture.claims {
            Tag.li(.class(claim.holds ? "holds" : "fails")) {
              Tag.strong { claim.holds ? "✓ holds" : "✗ failed" }
              Tag.span { claim.claim }
              Tag.span(.class("measured")) { claim.measured }
            }
          }
        }
      }
      if !picture.notChecked.isEmpty {
        Tag.p(.class("note")) {
          "Not checked: \(picture.notChecked.map(\.rawValue).joined(separator: ", "))."
        }
      }
    }
  }

  private var totals: Markup {
    Tag.section(
      .class(isWide ? "card wide" : "card"),
      .part("\(id)-totals")
    ) {
      Tag.h3 { "In numbers" }
      ClientTable(caption: "Totals of each client", picture: picture, rows: picture.totals).markup
      if !picture.reasons.isEmpty {
        Tag.h3 { "Why calls failed" }
        ClientTable(caption: "Failed calls by reason", picture: picture, rows: picture.reasons)
          .markup
      }
    }
  }

  private func item(_ event: RunPicture.Event) -> Markup {
    Tag.li {
      Tag.span(.class("when")) { "\(event.seconds.fixed(2)) s" }
      Tag.span { "\(event.who): \(event.what)" }
    }
  }

  private var events: Markup {
    let events = Abridged(picture.events, to: 60)
    return Tag.section(.class("card"), .part("\(id)-events")) {
      Tag.h3 { "What happened" }
      Tag.ol(.class("events")) {
        for event in events.head { item(event) }
        if events.omitted > 0 { Tag.li(.class("note")) { "… \(events.omitted) more …" } }
        for event in events.tail { item(event) }
      }
    }
  }

  private var settings: Markup {
    Tag.section(.class("card")) {
      Tag.h3 { "Settings" }
      Tag.dl(.class("settings")) {
        for setting in picture.settings {
          Tag.dt { setting.name }
          Tag.dd { setting.value }
        }
      }
      Tag.p(.class("note")) { "The same calls again, at the same times:" }
      Tag.pre(.focusable) { Tag.code { picture.command } }
    }
  }
}

extension RunPicture {
  /// Something that changed at a moment.
  struct Event: Equatable, Sendable {
    let seconds: Double
    let who: String
    let what: String
  }

  /// Changes of the service and of the breakers, oldest first.
  var events: [Event] {
    let changes = phases.filter { $0.start <= elapsed }.map {
      Event(seconds: $0.start, who: "service", what: $0.name)
    }
    let transitions = clients.flatMap { client in
      (client.transitions ?? []).map {
        Event(seconds: $0.atSeconds, who: client.name, what: "\($0.from) → \($0.to)")
      }
    }
    return (changes + transitions).sorted { $0.seconds < $1.seconds }
  }
}
