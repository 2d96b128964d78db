import Foundation

/// A row of a report, for the eye and for a machine.
protocol Row: Encodable {
  static var columns: [Column] { get }

  /// One element per column, in their order.
  var cells: [String] { get }
}

/// Results on the standard output: a table that grows row by row, or one JSON object at the end.
struct Report<Result: Row> {
  private let columns = Result.columns
  private let asJSON: Bool
  private var rows: [Result] = []

  init(asJSON: Bool) {
    self.asJSON = asJSON
    if !asJSON {
      printLine(columns.map(\.heading))
      printLine(columns.map { String(repeating: "-", count: $0.width) })
    }
  }

  mutating func add(_ row: Result) {
    rows.append(row)
    if !asJSON { printLine(row.cells) }
  }

  /// Prints what there is to print only now.
  func finish() throws {
    guard asJSON else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.dateEncodingStrategy = .iso8601
    let data = try encoder.encode(Document(machine: Machine(), date: Date(), rows: rows))
    print(String(decoding: data, as: UTF8.self))
  }

  private func printLine(_ cells: [String]) {
    let line = zip(columns, cells).map { $0.set($1) }.joined(separator: "  ")
    // Not through the buffer of `print`: a counted table takes minutes, and is watched.
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}

private struct Document<Result: Row>: Encodable {
  let machine: Machine
  let date: Date
  let rows: [Result]
}
