/// A chart with what is said about it: a title, a note, a legend and its values as a table.
struct ChartFigure {
  let chart: Chart
  var bands: [StateBand] = []

  var markup: Markup {
    Tag.figure(.class("card chart-card")) {
      Tag.figcaption {
        Tag.h3 { chart.title }
        Tag.p(.class("note")) { chart.note }
        legend
      }
      Tag.div(.class("plot"), .part(chart.id)) {
        ChartDrawing(chart: chart, bands: bands).markup
      }
      Tag.details {
        Tag.summary { "The values as a table" }
        Tag.div(.class("scroll"), .part("\(chart.id)-table"), .focusable) { table }
      }
    }
  }

  /// The values, a row for each interval.
  var table: Markup {
    Tag.table(.class("values")) {
      Tag.caption { "\(chart.title), by interval" }
      Tag.thead {
        Tag.tr {
          Tag.th(.scope("col")) { "until" }
          for line in chart.lines { Tag.th(.scope("col")) { line.name } }
        }
      }
      Tag.tbody {
        for interval in 0..<(chart.lines.map(\.values.count).max() ?? 0) {
          Tag.tr {
            Tag.th(.scope("row")) { "\(chart.time.end(of: interval).fixed(2)) s" }
            for line in chart.lines { Tag.td { value(of: line, interval) } }
          }
        }
      }
    }
  }

  private func value(of line: Chart.Line, _ interval: Int) -> String {
    guard interval < line.values.count, let value = line.values[interval] else { return "–" }
    return chart.unit.text(value)
  }

  private var legend: Markup {
    Tag.ul(.class("legend")) {
      for line in chart.lines {
        Tag.li {
          Swatch(lineClass: line.series.lineClass).markup
          Tag.span { line.name }
        }
      }
      for state in bands.isEmpty ? [] : ["closed", "half-open", "open"] {
        Tag.li {
          Tag.span(.class("box \(state)"), .decoration)
          Tag.span { "breaker \(state)" }
        }
      }
      if let reference = chart.reference {
        Tag.li {
          Swatch(lineClass: "reference").markup
          Tag.span { reference.label }
        }
      }
    }
  }
}

/// A piece of the line of a client, beside its name.
struct Swatch {
  let lineClass: String

  var markup: Markup {
    Tag.svg(.class("swatch"), .vector, .decoration, .width(.units(26)), .height(.units(10))) {
      Tag.line(
        .class(lineClass),
        .x1(.units(1)),
        .x2(.units(25)),
        .y1(.units(5)),
        .y2(.units(5))
      )
    }
  }
}
