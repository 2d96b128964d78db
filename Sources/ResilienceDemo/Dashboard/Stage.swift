/// What a dashboard shows, and what its buttons do.
protocol Stage: Sendable {
  /// What there is to be seen now.
  func scene() async -> Scene

  /// Breaks the service in the way of a switch, or heals it.
  ///
  /// - Returns: What was done, in a sentence; `nil` if there is no such switch, or nothing runs.
  func flip(_ name: String) async -> String?

  /// Heals everything that was broken by hand.
  func heal() async -> String

  /// Begins the run, or begins again.
  ///
  /// - Returns: What was done, in a sentence.
  func play() async -> String

  /// Someone looks at the page.
  func audienceArrived() async
}

/// What is to be seen at one moment.
struct Scene: Equatable, Sendable {
  enum Act: Equatable, Sendable {
    case waiting, running, finished
  }

  let act: Act
  let picture: RunPicture
  /// Whether the service was broken by hand, so that claims say nothing.
  var isTouched = false
  let switches: [FaultSwitch]

  /// What has to be the same for a page to be brought up to date piece by piece.
  var shape: String {
    ([picture.scenario] + picture.clients.map(\.name)).joined(separator: "\n")
  }
}
