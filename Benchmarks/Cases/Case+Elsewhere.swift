extension Case {
  /// Breakers shared by many tasks, and called from actors.
  static let elsewhere = Place.allCases.flatMap { place in
    [bare, plainActor, closed, closedRolling, closedLast].map { $0.moved(to: place) }
  }
}
