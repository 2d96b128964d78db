import Foundation

/// The result of a run as one JSON object, keys in alphabetical order.
enum JSONReport {
  static func text(_ result: RunResult) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(result), as: UTF8.self) + "\n"
  }
}
