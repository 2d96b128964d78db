/// The states of one client's breaker over time, as a band under a chart.
struct StateBand: Equatable, Sendable {
  private static let labelHeight = 16.0
  private static let bandHeight = 10.0

  /// A stretch of time in one state.
  struct Span: Equatable, Sendable {
    let state: String
    let start: Double
    let end: Double
  }

  /// Transitions that are marked one by one; where there are more, none is.
  static let marked = 60

  let name: String
  let transitions: [RunLog.Transition]
  /// What is known ends here, in seconds.
  let end: Double

  var height: Double { Self.labelHeight + Self.bandHeight + 6 }

  /// The states one after the other, without a gap.
  var spans: [Span] {
    var spans: [Span] = []
    var (state, start) = (transitions.first?.from ?? "closed", 0.0)
    for transition in transitions where transition.atSeconds <= end {
      spans.append(Span(state: state, start: start, end: transition.atSeconds))
      (state, start) = (transition.to, transition.atSeconds)
    }
    return spans + [Span(state: state, start: start, end: end)]
  }

  /// The states as they are drawn: where there are too many, the longest one of each slice of time.
  var drawn: [Span] {
    let spans = spans
    guard spans.count > 2 * Self.marked else { return spans }
    let slice = end / Double(2 * Self.marked)
    var first = 0
    return (0..<2 * Self.marked).map { index in
      let (from, to) = (Double(index) * slice, Double(index + 1) * slice)
      while first + 1 < spans.count, spans[first].end <= from { first += 1 }
      var shares: [String: Double] = [:]
      for span in spans[first...].prefix(while: { $0.start < to }) {
        shares[span.state, default: 0] += min(span.end, to) - max(span.start, from)
      }
      let longest = shares.max { ($0.value, $0.key) < ($1.value, $1.key) }
      return Span(state: longest?.key ?? spans[first].state, start: from, end: to)
    }
  }

  /// The transitions that are marked.
  var marks: [RunLog.Transition] { transitions.count > Self.marked ? [] : transitions }

  /// The states in words.
  var description: String {
    guard !transitions.isEmpty else { return "The breaker of \(name) stays closed." }
    guard transitions.count <= Self.marked else {
      let open = spans.filter { $0.state == "open" }.reduce(0) { $0 + $1.end - $1.start }
      return "The breaker of \(name) changes its state \(transitions.count) times, and is open for "
        + "\(open.fixed(1)) s."
    }
    let changes = transitions.map { "\($0.to) at \($0.atSeconds.fixed(2)) s" }
    return "The breaker of \(name): \(changes.joined(separator: ", "))."
  }

  func markup(time: TimeAxis, top: Double, id: String) -> Markup {
    let bandTop = top + Self.labelHeight
    return Tag.g {
      Tag.text(.class("band"), .x(.units(2)), .y(.units(top + 11))) { "breaker of \(name)" }
      Tag.defs {
        Tag.pattern(
          .id("\(id)-hatch"),
          .width(.units(6)),
          .height(.units(6)),
          .patternInUnits,
          .patternRotated(by: 45)
        ) {
          Tag.rect(.class("hatch-back"), .width(.units(6)), .height(.units(6)))
          Tag.rect(.class("hatch"), .width(.units(3)), .height(.units(6)))
        }
      }
      for span in drawn { rect(span, time, bandTop, id) }
      for transition in marks { mark(transition, time, bandTop) }
    }
  }

  private func rect(_ span: Span, _ time: TimeAxis, _ top: Double, _ id: String) -> Markup {
    let (start, end) = (time.share(span.start), time.share(span.end))
    let title = Tag.title {
      "\(span.state) from \(span.start.fixed(2)) s to \(span.end.fixed(2)) s"
    }
    let place: [Attribute] = [
      .class("state \(span.state)"),
      .x(.percent(start * 100)),
      .y(.units(top)),
      .width(.percent(max(0, end - start) * 100)),
      .height(.units(Self.bandHeight)),
    ]
    let fill: [Attribute] = span.state == "half-open" ? [.fill(pattern: "\(id)-hatch")] : []
    return .element(.rect, place + fill, [title])
  }

  private func mark(_ transition: RunLog.Transition, _ time: TimeAxis, _ top: Double) -> Markup {
    Tag.circle(
      .class("mark-dot"),
      .cx(time.percent(transition.atSeconds)),
      .cy(.units(top + Self.bandHeight / 2)),
      .radius(3)
    ) {
      Tag.title {
        "\(transition.atSeconds.fixed(2)) s: \(transition.from) → \(transition.to)"
      }
    }
  }
}
