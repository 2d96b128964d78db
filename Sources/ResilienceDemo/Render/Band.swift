/// How something went over time: one cell per interval of a run, as high as its value.
///
/// The height of a cell says what its colour says, so that a band can be read without colours.
struct Band: Equatable, Sendable {
  /// What happened in an interval.
  struct Cell: Equatable, Sendable {
    /// In 0...1; `nil` where there is nothing to show.
    let value: Double?
    let colour: Palette.Colour
  }

  /// The intervals that have begun, oldest first.
  let cells: [Cell]

  /// Number of intervals of the whole run.
  var count = IntervalResult.count

  /// The band as lines, the upper one first, each `width` columns wide.
  ///
  /// Where there are more columns than intervals, an interval takes several; where there are fewer,
  /// the last interval of each column is shown.
  func lines(width: Int, height: Int = 1) -> [ScreenLine] {
    let shown = (0..<max(width, 0)).map { column -> Cell? in
      let index = ((column + 1) * count - 1) / max(width, 1)
      return index < cells.count ? cells[index] : nil
    }
    return (0..<height).map { row in line(shown, row: row, of: height) }
  }

  /// One row; cells of one colour stand together.
  private func line(_ shown: [Cell?], row: Int, of height: Int) -> ScreenLine {
    var line = ScreenLine.blank
    var rest = shown[...]
    while let first = rest.first {
      let same = rest.prefix { $0?.colour == first?.colour }
      let text = String(same.map { $0?.glyph(row: row, of: height) ?? " " })
      line += ScreenLine(text, columns: same.count, first?.colour)
      rest = rest.dropFirst(same.count)
    }
    return line
  }
}

extension Band.Cell {
  private static let bars: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// What stands in one row of the band, counted from the top.
  ///
  /// A value above zero is always to be seen: the lowest row has at least the lowest bar.
  fileprivate func glyph(row: Int, of height: Int) -> Character {
    let isLowest = row == height - 1
    guard let value else { return isLowest ? "·" : " " }
    let eighths = Int((min(max(value, 0), 1) * Double(height * 8)).rounded())
    let fill = min(max(eighths - (height - 1 - row) * 8, isLowest ? 1 : 0), 8)
    return Self.bars[fill]
  }

  static let good = Self(value: 0.25, colour: .green)
  static let middling = Self(value: 0.625, colour: .yellow)
  static let bad = Self(value: 1, colour: .red)

  /// A bar whose height is a share of 0...1, green from 95 % on and red below a half.
  fileprivate static func share(_ share: Double) -> Self {
    Self(value: share, colour: share >= 0.95 ? .green : share >= 0.5 ? .yellow : .red)
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
        guard tally.calls > 0 else { return Cell(value: nil, colour: .grey) }
        return .share(Double(tally.successes) / Double(tally.calls))
      }
    )
  }

  /// The p99 latency by interval, on a logarithmic scale from 0.1 ms to 10 s.
  static func latency(_ client: RunSnapshot.Client) -> Band {
    let scale = ValueScale.logarithmic([0.1, 10_000])
    return Band(
      cells: client.intervals.map { interval in
        Cell(value: interval.p99Milliseconds.map(scale.height(of:)), colour: .cyan)
      }
    )
  }

  /// What the client sent by interval: the calls it was given to make are half the height.
  ///
  /// Above that it is retries that fill the wire, and they are red.
  static func wire(_ client: RunSnapshot.Client, in snapshot: RunSnapshot) -> Band {
    let step = snapshot.options.duration.seconds / Double(IntervalResult.count)
    let calls = Double(snapshot.options.rate) * step
    // The interval that goes on has not all of its attempts yet.
    let over = client.intervals.prefix { $0.endSeconds <= snapshot.elapsed.seconds }
    return Band(
      cells: over.map { interval in
        let load = Double(interval.attempts) / calls
        return Cell(value: load / 2, colour: load > 1.5 ? .red : .cyan)
      }
    )
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
