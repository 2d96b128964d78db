import Foundation

/// Where text goes: standard output or standard error.
struct Output: Sendable {
  let handle: FileHandle

  static let standard = Output(handle: .standardOutput)
  static let error = Output(handle: .standardError)

  /// Writes all of the text.
  ///
  /// - Throws: What the system says, for instance that the disk is full.
  func write(_ text: String) throws {
    try handle.write(contentsOf: Data(text.utf8))
  }

  func write(lines: [String]) throws {
    try write(lines.map { $0 + "\n" }.joined())
  }
}
