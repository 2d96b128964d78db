/// A row of cells that shows how something went over time: one cell per interval of a run.
///
/// The height of a cell says what its colour says, so that a band can be read without colours.
struct Band: Equatable, Sendable {
  struct Cell: Equatable, Sendable {
    let glyph: Character
    let colour: Palette.Colour
  }

  let cells: [Cell]

  func text(_ palette: Palette) -> String {
    cells.map { palette.paint(String($0.glyph), $0.colour) }.joined()
  }
}

extension Band {
  /// The phases of the service up to now.
  static func service(_ snapshot: RunSnapshot) -> Band {
    let phases = snapshot.options.scenario.phases
    return Band(
      cells: snapshot.intervalsBegun.map { interval in
        let phase = snapshot.marks.last { $0.at <= interval.middle }?.phase
        return phase.map { phases[$0].isFailing } ?? false ? .bad : .good
      }
    )
  }

  /// The states of a client's breaker up to now; a moment half-open marks the whole interval.
  static func breaker(_ client: RunSnapshot.Client, in snapshot: RunSnapshot) -> Band {
    Band(
      cells: snapshot.intervalsBegun.map { interval in
        let within = client.transitions.filter {
          $0.atSeconds >= interval.start.seconds && $0.atSeconds < interval.end.seconds
        }
        if within.contains(where: { $0.to == "half-open" }) { return .middling }
        let last = client.transitions.last { $0.atSeconds < interval.end.seconds }
        return switch last?.to {
        case "open": .bad
        case "half-open": .middling
        default: .good
        }
      }
    )
  }

  /// The share of calls that succeeded, by interval up to now.
  static func successes(
    _ client: RunSnapshot.Client,
    in snapshot: RunSnapshot
  ) -> Band {
    let tallies = client.tallies.prefix(snapshot.intervalsBegun.count)
    return Band(
      cells: tallies.map { tally in
        guard tally.calls > 0 else { return Cell(glyph: "·", colour: .grey) }
        return .share(Double(tally.successes) / Double(tally.calls))
      }
    )
  }
}

extension Band.Cell {
  static let good = Self(glyph: "▂", colour: .green)
  static let middling = Self(glyph: "▅", colour: .yellow)
  static let bad = Self(glyph: "█", colour: .red)

  /// A bar whose height is a share of 0...1.
  fileprivate static func share(_ share: Double) -> Self {
    let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let colour: Palette.Colour = share >= 0.95 ? .green : share >= 0.5 ? .yellow : .red
    return Self(glyph: bars[Int(share * 7)], colour: colour)
  }
}

extension RunSnapshot {
  fileprivate struct Interval {
    let start: Duration
    let end: Duration

    var middle: Duration { (start + end) / 2 }
  }

  /// The intervals of the run that have begun, oldest first.
  fileprivate var intervalsBegun: [Interval] {
    let length = options.duration / IntervalResult.count
    let last = IntervalResult.index(of: elapsed, in: options.duration)
    return (0...last).map { Interval(start: length * $0, end: length * ($0 + 1)) }
  }
}
