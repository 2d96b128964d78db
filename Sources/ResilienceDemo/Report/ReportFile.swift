import Foundation

/// Where a page about results is written.
struct ReportFile: Equatable, Sendable {
  /// Why there is no page.
  struct NotWritten: Error, Equatable, CustomStringConvertible {
    let path: String
    let reason: String

    /// The file and the reason on one line.
    var description: String { "the report “\(path)” cannot be written: \(reason)" }
  }

  let path: String

  /// Looks whether a page could be written there, so that nobody waits for a run in vain.
  ///
  /// - Throws: ``NotWritten`` if there is no such folder, or it lets nobody write.
  init(_ path: String) throws {
    self.path = path
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw NotWritten(path: path, reason: "its folder is not there, or not to be written in")
    }
  }

  /// Writes a page about the results, all of it or nothing.
  ///
  /// - Throws: ``NotWritten`` with what the system says.
  func write(_ results: [RunResult]) throws {
    let page = ReportPage(pictures: results.map { RunPicture($0) })
    do {
      try Data(page.document.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw NotWritten(path: path, reason: error.localizedDescription)
    }
  }
}
