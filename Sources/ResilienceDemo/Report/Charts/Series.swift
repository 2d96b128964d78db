/// How the line of a client looks: a colour, and dashes for those who see few colours.
///
/// A client with the same policies looks the same in every run.
struct Series: Equatable, Sendable {
  /// Number of looks; after that many, the first one is used again.
  static let count = 8

  let index: Int

  /// The look of the client with this name that stands at this place among those of a run.
  init(of name: String, at place: Int) {
    let known = ["none", "standard", "breaker", "retry", "timeout"]
    index = (known.firstIndex(of: name) ?? known.count + place) % Self.count
  }

  /// Whether it has no dashes.
  var isSolid: Bool { index == 1 }

  /// The class of its lines in the style sheet.
  var lineClass: String { "line s\(index)" }
}

extension [Chart.Line] {
  /// The one without dashes first, so that it is seen through those of the others.
  var backToFront: Self { filter { $0.series.isSolid } + filter { !$0.series.isSolid } }
}
