/// The outline of a path, in absolute coordinates.
struct PathData: Equatable, Sendable {
  struct Point: Equatable, Sendable {
    let x: Double
    let y: Double
  }

  private(set) var text = ""

  mutating func move(to point: Point) { add("M", point) }

  mutating func line(to point: Point) { add("L", point) }

  mutating func close() { text += "Z" }

  /// Straight lines from point to point.
  static func polyline(_ points: [Point]) -> Self {
    var path = Self()
    for (index, point) in points.enumerated() {
      if index == 0 { path.move(to: point) } else { path.line(to: point) }
    }
    return path
  }

  private mutating func add(_ command: Character, _ point: Point) {
    text += "\(command)\(point.x.short) \(point.y.short)"
  }
}
