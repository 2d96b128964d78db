import ResilienceTesting

/// Time series of loads as a picture, one panel per report.
struct LoadPicture {
  private typealias Interval = LoadReport.Interval

  private let panels: [(title: String, report: LoadReport)]
  private let trigger: (begin: Duration, end: Duration)

  private let width = 720
  private let height = 200
  private let left = 60
  /// Calls per second at the upper end of each panel.
  private let top = 320
  /// Seconds per point.
  private let stride = 4

  init(_ panels: [(String, LoadReport)], trigger: (begin: Duration, end: Duration)) {
    self.panels = panels.map { ($0.0, $0.1) }
    self.trigger = trigger
  }

  /// The picture as an SVG file.
  var svg: String {
    let size = "\(width) \(panels.count * (height + 60) + 20)"
    let panels = panels.enumerated().map { draw($1.title, $1.report, at: $0 * (height + 60)) }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" font-family="sans-serif" \
      font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      \(panels.joined(separator: "\n"))
      </svg>

      """
  }

  private func draw(_ title: String, _ report: LoadReport, at offset: Int) -> String {
    let base = offset + height + 30
    let seconds = report.intervals.count { $0.offered > 0 }
    let begin = x(Int(trigger.begin / .seconds(1)), of: seconds)
    let end = x(Int(trigger.end / .seconds(1)), of: seconds)
    var lines = [
      "<text x=\"\(left)\" y=\"\(offset + 20)\" font-size=\"14\">\(title): calls per second</text>",
      "<rect x=\"\(begin)\" y=\"\(base - height)\" width=\"\(end - begin)\" height=\"\(height)\" "
        + "fill=\"#f3d9d9\"/>",
      "<path d=\"M\(left) \(base - height)V\(base)H\(width - 10)\" fill=\"none\" stroke=\"gray\"/>",
    ]
    for tick in [0, 100, 200, 300] {
      let y = base - tick * height / top
      lines.append("<text x=\"\(left - 8)\" y=\"\(y + 4)\" text-anchor=\"end\">\(tick)</text>")
    }
    for tick in Swift.stride(from: 0, through: seconds, by: 60) {
      let x = x(tick, of: seconds)
      let anchor = tick == seconds ? "end" : "middle"
      lines.append(
        "<text x=\"\(x)\" y=\"\(base + 16)\" text-anchor=\"\(anchor)\">\(tick) s</text>"
      )
    }
    let series: [(String, String, (Interval) -> Int)] = [
      ("reach the service", "#c0392b", \.attempted),
      ("offered", "#7f8c8d", \.offered),
      ("succeed", "#1e8449", \.succeeded),
    ]
    for (index, (name, colour, value)) in series.enumerated() {
      let points = Swift.stride(from: 0, to: seconds, by: stride).map { second in
        let span = report.intervals[second..<min(second + stride, report.intervals.count)]
        let rate = span.reduce(0) { $0 + value($1) } / span.count
        return "\(x(second, of: seconds)),\(base - min(rate, top) * height / top)"
      }
      lines.append(
        "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\" "
          + "stroke-width=\"2\"/>"
      )
      lines.append(
        "<text x=\"\(width - 180 + 85 * index)\" y=\"\(offset + 20)\" text-anchor=\"end\" "
          + "fill=\"\(colour)\">\(name)</text>"
      )
    }
    return lines.joined(separator: "\n")
  }

  private func x(_ second: Int, of seconds: Int) -> Int {
    left + second * (width - 10 - left) / max(1, seconds)
  }
}
