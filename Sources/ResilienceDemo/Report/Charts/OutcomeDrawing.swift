/// What became of one client's calls, interval by interval: answered, refused and failed, stacked.
struct OutcomeDrawing {
  private static let top = 6.0
  private static let height = 72.0
  private static let bottom = 4.0

  let id: String
  let client: RunPicture.Client
  let time: TimeAxis
  /// Calls in an interval that reach the top; the same for all clients of a run.
  let most: Int

  var markup: Markup {
    Tag.svg(
      .class("chart"),
      .vector,
      .role("img"),
      .labelled(by: "\(id)-title", "\(id)-desc"),
      .width(.percent(100)),
      .height(.units(Self.top + Self.height + Self.bottom))
    ) {
      Tag.title(.id("\(id)-title")) { "What became of the calls of \(client.name)" }
      Tag.desc(.id("\(id)-desc")) { description }
      PhaseShades(time: time.withoutNames, top: Self.top, height: Self.height).markup
      Tag.svg(
        .x(.units(0)),
        .y(.units(Self.top)),
        .width(.percent(100)),
        .height(.units(Self.height)),
        .viewBox(width: ChartDrawing.inner, height: Self.height),
        .stretched
      ) {
        area("answered", from: { _ in 0 }, to: \.successes)
        area("refused", from: \.successes, to: { $0.successes + $0.refusedAtOnce })
        area(
          "failed",
          from: { $0.successes + $0.refusedAtOnce },
          to: { $0.successes + $0.refusedAtOnce + $0.failures }
        )
      }
      Tag.line(
        .class("base"),
        .x1(.percent(0)),
        .x2(.percent(100)),
        .y1(.units(Self.top + Self.height)),
        .y2(.units(Self.top + Self.height))
      )
    }
  }

  private var description: String {
    let counts = [\IntervalResult.successes, \.refusedAtOnce, \.failures].map { count in
      client.intervals.reduce(0) { $0 + $1[keyPath: count] }
    }
    return "\(counts[0]) answered as they should be, \(counts[1]) refused at once, "
      + "\(counts[2]) failed."
  }

  private func area(
    _ name: String,
    from low: (IntervalResult) -> Int,
    to high: (IntervalResult) -> Int
  ) -> Markup {
    let width = ChartDrawing.inner / Double(max(time.intervals, 1))
    var path = PathData()
    for (index, interval) in client.intervals.enumerated() where high(interval) > low(interval) {
      let (left, right) = (Double(index) * width, Double(index + 1) * width)
      let (bottom, top) = (y(low(interval)), y(high(interval)))
      path.move(to: .init(x: left, y: bottom))
      path.line(to: .init(x: left, y: top))
      path.line(to: .init(x: right, y: top))
      path.line(to: .init(x: right, y: bottom))
      path.close()
    }
    return Tag.path(.class("area \(name)"), .data(path))
  }

  private func y(_ calls: Int) -> Double {
    (1 - min(1, Double(calls) / Double(max(most, 1)))) * Self.height
  }
}
