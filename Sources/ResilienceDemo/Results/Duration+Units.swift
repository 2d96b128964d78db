extension Duration {
  /// This duration in seconds, to the precision of a `Double`.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// This duration in milliseconds, to the precision of a `Double`.
  var milliseconds: Double { seconds * 1_000 }
}
