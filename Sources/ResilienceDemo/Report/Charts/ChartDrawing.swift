/// Draws a chart as a picture that is as wide as its place, with text that keeps its size.
///
/// Only the lines are stretched: everything else stands at a share of the width.
struct ChartDrawing {
  /// Units from the top of the picture to the top of the plot: room for the names of phases.
  static let top = 22.0
  static let height = 168.0
  /// Room for the numbers of the time.
  static let bottom = 22.0
  /// Width of the lines' own coordinates.
  static let inner = 1_000.0

  let chart: Chart
  /// What is drawn under the chart: the states of breakers.
  var bands: [StateBand] = []

  private var totalHeight: Double {
    Self.top + Self.height + Self.bottom + bands.reduce(0) { $0 + $1.height }
  }

  var markup: Markup {
    Tag.svg(
      .class("chart"),
      .vector,
      .role("img"),
      .labelled(by: "\(chart.id)-title", "\(chart.id)-desc"),
      .width(.percent(100)),
      .height(.units(totalHeight))
    ) {
      Tag.title(.id("\(chart.id)-title")) { chart.title }
      Tag.desc(.id("\(chart.id)-desc")) { description }
      PhaseShades(time: chart.time, top: Self.top, height: Self.height).markup
      grid
      reference
      transitions
      Tag.svg(
        .x(.units(0)),
        .y(.units(Self.top)),
        .width(.percent(100)),
        .height(.units(Self.height)),
        .viewBox(width: Self.inner, height: Self.height),
        .stretched
      ) {
        for line in chart.lines.backToFront {
          Tag.path(
            .class(line.series.lineClass),
            .data(Self.path(line, chart: chart, height: Self.height)),
            .evenStroke
          )
        }
      }
      labels
      times
      for (index, band) in bands.enumerated() {
        band.markup(time: chart.time, top: bandTop(index), id: "\(chart.id)-band\(index)")
      }
    }
  }

  /// What the chart shows, for those who do not see it.
  var description: String {
    let lines = chart.lines.map { line in
      let values = line.values.compactMap { $0 }
      guard let low = values.min(), let high = values.max() else { return "\(line.name): nothing." }
      return "\(line.name): between \(chart.unit.text(low)) and \(chart.unit.text(high))."
    }
    let phases = chart.time.phases.filter(\.isFailing).map {
      "The service fails from \($0.start.fixed(1)) s to \($0.end.fixed(1)) s."
    }
    let bands = bands.map(\.description)
    return ([chart.note] + lines + phases + bands).joined(separator: " ")
  }

  private func bandTop(_ index: Int) -> Double {
    Self.top + Self.height + Self.bottom + bands.prefix(index).reduce(0) { $0 + $1.height }
  }

  private func y(_ value: Double) -> Double { (1 - chart.scale.height(of: value)) * Self.height }

  /// The lines of the values' marks.
  private var grid: Markup {
    .group(
      chart.scale.marks.map { mark in
        let y = Attribute.Length.units(Self.top + y(mark))
        return Tag.line(
          .class(mark == chart.scale.marks.first ? "base" : "grid"),
          .x1(.percent(0)),
          .x2(.percent(100)),
          .y1(y),
          .y2(y)
        )
      }
    )
  }

  /// The values' marks in words, left of the picture: the style sheet leaves room for them.
  private var labels: Markup {
    .group(
      chart.scale.marks.map { mark in
        Tag.text(.x(.units(-8)), .y(.units(Self.top + y(mark) + 4)), .anchor(.end)) {
          chart.unit.text(mark)
        }
      }
    )
  }

  private var reference: Markup {
    guard let reference = chart.reference else { return .nothing }
    let y = Attribute.Length.units(Self.top + y(reference.value))
    return Tag.line(
      .class("reference"),
      .x1(.percent(0)),
      .x2(.percent(100)),
      .y1(y),
      .y2(y)
    )
  }

  private var transitions: Markup {
    .group(
      bands.flatMap { band in
        band.marks.map { transition in
          Tag.line(
            .class("transition"),
            .x1(chart.time.percent(transition.atSeconds)),
            .x2(chart.time.percent(transition.atSeconds)),
            .y1(.units(Self.top)),
            .y2(.units(Self.top + Self.height))
          )
        }
      }
    )
  }

  private var times: Markup {
    let marks = chart.time.marks
    return .group(
      marks.enumerated().map { index, mark in
        let anchor: Attribute.Anchor = index == marks.count - 1 ? .end : .middle
        return Tag.text(
          .class("time"),
          .x(chart.time.percent(mark)),
          .y(.units(Self.top + Self.height + 15)),
          .anchor(anchor)
        ) { "\(mark.short) s" }
      }
    )
  }

  /// The line through the middles of the intervals; where a value is missing it is broken.
  static func path(
    _ line: Chart.Line,
    chart: Chart,
    height: Double,
    inset: Double = 0
  ) -> PathData {
    let width = inner / Double(max(chart.time.intervals, 1))
    var path = PathData()
    var isDrawing = false
    for (index, value) in line.values.enumerated() {
      guard let value else { continue }
      let left = Double(index) * width
      let y = inset + (1 - chart.scale.height(of: value)) * (height - 2 * inset)
      if !isDrawing { path.move(to: .init(x: left, y: y)) }
      path.line(to: .init(x: left + width / 2, y: y))
      let isLast = index + 1 >= line.values.count || line.values[index + 1] == nil
      if isLast { path.line(to: .init(x: left + width, y: y)) }
      isDrawing = !isLast
    }
    return path
  }
}
