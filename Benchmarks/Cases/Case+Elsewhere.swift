extension Case {
  /// Breakers shared by many tasks, and called from actors.
  static let elsewhere = Place.allCases.flatMap { place in
    [bare, bareInlined, plainActor, closed, closedRolling, closedLast, keyedBreaker].map {
      $0.moved(to: place)
    }
  }
}
