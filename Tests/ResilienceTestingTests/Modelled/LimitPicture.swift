import ResilienceTesting

/// Limits over time against the optimum, one panel per rule.
struct LimitPicture {
  private let panels: [(name: String, limits: [Int])]

  private let width = 720
  private let height = 110
  private let left = 50
  private let right = 10
  /// The limit at the upper end of each panel.
  private let top = 90

  init(_ panels: [(String, [Int])]) {
    self.panels = panels.map { ($0.0, $0.1) }
  }

  /// The picture as an SVG file.
  var svg: String {
    let step = height + 46
    let panels = panels.enumerated().map { draw($1.name, $1.limits, at: $0 * step) }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(panels.count * step + 10)" \
      font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      \(panels.joined(separator: "\n"))
      </svg>

      """
  }

  private func draw(_ name: String, _ limits: [Int], at offset: Int) -> String {
    let base = offset + height + 26
    let seconds = limits.count
    var lines = [text(name, at: (left, offset + 18), style: "font-size=\"14\"")]
    // The optimum, as a line in a band of a fifth to both sides.
    for (index, phase) in AdaptiveLimits.phases.enumerated() {
      let begin = x(index * AdaptiveLimits.length, of: seconds)
      let end = x((index + 1) * AdaptiveLimits.length, of: seconds)
      let (high, low) = (y(phase.optimum * 6 / 5, base), y(phase.optimum * 4 / 5, base))
      lines.append(
        "<rect x=\"\(begin)\" y=\"\(high)\" width=\"\(end - begin)\" height=\"\(low - high)\" "
          + "fill=\"#dcefe1\"/>"
      )
      let line = y(phase.optimum, base)
      lines.append("<path d=\"M\(begin) \(line)H\(end)\" stroke=\"#1e8449\" stroke-width=\"2\"/>")
      let middle = (begin + end) / 2
      lines.append(text(phase.name, at: (middle, base + 15), style: "text-anchor=\"middle\""))
    }
    lines.append(
      "<path d=\"M\(left) \(base - height)V\(base)H\(width - right)\" fill=\"none\" "
        + "stroke=\"gray\"/>"
    )
    for tick in [0, 30, 60, 90] {
      lines.append(text("\(tick)", at: (left - 8, y(tick, base) + 4), style: "text-anchor=\"end\""))
    }
    let points = limits.enumerated().map { "\(x($0, of: seconds)),\(y(min($1, top), base))" }
    lines.append(
      "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"#c0392b\" "
        + "stroke-width=\"1.5\"/>"
    )
    return lines.joined(separator: "\n")
  }

  private func text(_ text: String, at place: (x: Int, y: Int), style: String) -> String {
    "<text x=\"\(place.x)\" y=\"\(place.y)\" \(style)>\(text)</text>"
  }

  private func x(_ second: Int, of seconds: Int) -> Int {
    left + second * (width - right - left) / max(1, seconds)
  }

  private func y(_ limit: Int, _ base: Int) -> Int { base - limit * height / top }
}
