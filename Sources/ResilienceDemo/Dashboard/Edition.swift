/// The page as it is at one moment, in pieces.
struct Edition: Sendable {
  let shape: String
  let parts: [(name: String, content: String)]

  init(_ scene: Scene, secret: String) {
    shape = scene.shape
    parts = DashboardPage(scene: scene, secret: secret).parts
  }
}

/// Draws the page once for all who watch it.
actor Press {
  private let stage: any Stage
  private let secret: String
  /// An edition as old as this is drawn anew.
  private let age: Duration
  private var last: (edition: Edition, at: ContinuousClock.Instant)?

  init(_ stage: any Stage, secret: String, age: Duration) {
    self.stage = stage
    self.secret = secret
    self.age = age
  }

  /// The edition of now, or the last one if it is young enough.
  func edition() async -> Edition {
    if let last, last.at.duration(to: .now) < age { return last.edition }
    let edition = Edition(await stage.scene(), secret: secret)
    last = (edition, .now)
    return edition
  }
}
