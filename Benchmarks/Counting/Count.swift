/// What one call costs in figures that are the same on every run.
struct Count: Encodable {
  let name: String
  let instructions: Double
  let allocations: Double
}

extension Count: Row {
  static let columns = [
    Column("case", alignment: .left, width: Column.nameWidth),
    Column("instructions", width: 12),
    Column("allocations", width: 11),
  ]

  var cells: [String] { [name, instructions.rounded(to: 0), allocations.rounded(to: 2)] }
}
