/// The phases in which the service fails, as a shade behind a chart.
struct PhaseShades {
  /// A name needs this share of the width; those of shorter phases are left out.
  private static let roomForName = 0.08

  let time: TimeAxis
  let top: Double
  let height: Double

  var markup: Markup {
    .group(
      time.phases.filter(\.isFailing).map { phase in
        let (start, end) = (time.share(phase.start), time.share(phase.end))
        return Tag.g {
          Tag.rect(
            .class("failing"),
            .x(.percent(start * 100)),
            .y(.units(top)),
            .width(.percent(max(0, end - start) * 100)),
            .height(.units(height))
          )
          if !phase.name.isEmpty, end - start >= Self.roomForName {
            Tag.text(
              .class("phase"),
              .x(.percent((start + end) * 50)),
              .y(.units(top - 7)),
              .anchor(.middle)
            ) { phase.name }
          }
        }
      }
    )
  }
}
