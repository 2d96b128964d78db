import Foundation

/// The most that a call of each case may cost, as it stands in `Benchmarks/budgets.json`.
///
///     { "x86_64": { "breaker.closed": { "instructions": 320, "allocations": 0 }, … } }
///
/// An entry that is missing is one that nobody promised anything about.
struct Budgets {
  /// The most of each; not negative.
  struct Budget: Decodable {
    let instructions: Double
    let allocations: Double
  }

  /// What stands in the way of a comparison, or has come out of it.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// By the name of the case.
  let cases: [String: Budget]

  /// Reads the budgets of the architecture that this program was built for.
  ///
  /// - Throws: `Failure` that names the file and what is wrong in it.
  init(for architecture: String = Machine().architecture) throws {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent()
      .deletingLastPathComponent()
      .appendingPathComponent("budgets.json")
    let all: [String: [String: Budget]]
    do {
      all = try JSONDecoder().decode([String: [String: Budget]].self, from: Data(contentsOf: file))
    } catch {
      throw Failure(description: "\(file.path): \(error)")
    }
    guard let cases = all[architecture] else {
      throw Failure(
        description: "\(file.path) has no budgets for \(architecture), only for "
          + all.keys.sorted().joined(separator: ", ")
      )
    }
    if let unknown = cases.keys.sorted().first(where: { Case.named($0)?.isCounted != true }) {
      throw Failure(description: "\(file.path): there is no counted case “\(unknown)”")
    }
    guard !cases.isEmpty else {
      throw Failure(description: "\(file.path) has no budget for \(architecture)")
    }
    self.cases = cases
  }

  /// Those of the cases that have a budget; all of them for `nil`.
  ///
  /// - Throws: `Failure` if the one that is given has none.
  func cases(for benchmark: Case?) throws -> [Case] {
    guard let benchmark else { return Case.all.filter { cases[$0.name] != nil } }
    guard cases[benchmark.name] != nil else {
      throw Failure(description: "the case “\(benchmark.name)” has no budget")
    }
    return [benchmark]
  }

  /// Compares what was counted with the budgets.
  ///
  /// - Parameter counts: One element per case.
  /// - Returns: A line per case that costs more than it may; empty if all is well.
  func excesses(of counts: [Count]) -> [String] {
    counts.flatMap { count -> [String] in
      guard let budget = cases[count.name] else { return [] }
      var lines: [String] = []
      if count.instructions > budget.instructions {
        lines.append(
          "\(count.name): \(count.instructions.rounded(to: 0)) instructions a call, "
            + "the budget is \(budget.instructions.rounded(to: 0))"
        )
      }
      // A hundredth of one is what starting the program may differ by.
      if count.allocations > budget.allocations + 0.01 {
        lines.append(
          "\(count.name): \(count.allocations.rounded(to: 2)) allocations a call, "
            + "the budget is \(budget.allocations.rounded(to: 2))"
        )
      }
      return lines
    }
  }
}
