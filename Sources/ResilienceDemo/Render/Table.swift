/// The clients side by side, as lines of text.
struct Table {
  private static let labelWidth = 52
  private static let valueWidth = 13

  let result: RunResult

  var lines: [String] {
    [row("", result.clients.map(\.name))]
      + Totals(clients: result.clients).rows.map {
        row(($0.isPart ? "  " : "") + $0.label, $0.cells)
      }
  }

  private func row(_ label: String, _ values: [String]) -> String {
    label.padded(to: Self.labelWidth) + values.map { $0.aligned(to: Self.valueWidth) }.joined()
  }
}
