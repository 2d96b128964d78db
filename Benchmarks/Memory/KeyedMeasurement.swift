/// What keyed breakers take: memory in bytes, look-ups in nanoseconds.
struct KeyedMeasurement: Encodable {
  let entries: Int

  /// Per entry, breaker and all; `nil` where the system does not say it simply.
  let bytes: Int?

  /// Per breaker that is in no registry.
  let breakerBytes: Int?

  /// A look-up of one key, by one task.
  let hot: Double

  /// A look-up of a key drawn uniformly, by one task.
  let uniform: Double

  /// By sixty-four tasks: the time of all by the wall clock over their number.
  let hotByMany: Double
  let uniformByMany: Double
}

extension KeyedMeasurement: Row {
  static let columns = [
    Column("entries", width: 9),
    Column("bytes", width: 7),
    Column("breaker's", width: 9),
    Column("hot key", width: 9),
    Column("random", width: 9),
    Column("hot@64", width: 9),
    Column("random@64", width: 9),
  ]

  var cells: [String] {
    [
      "\(entries)", bytes.map { "\($0)" } ?? "?", breakerBytes.map { "\($0)" } ?? "?",
      hot.rounded(to: 1), uniform.rounded(to: 1),
      hotByMany.rounded(to: 1), uniformByMany.rounded(to: 1),
    ]
  }
}
