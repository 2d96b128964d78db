import Foundation

/// What the process holds.
enum Memory {
  /// In bytes; `nil` where the system does not say it simply.
  static var resident: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Bytes per element that `body` adds by making `count` of them; `nil` where that is not known.
  static func perElement(of count: Int, _ body: () async -> Void) async -> Int? {
    let before = resident
    await body()
    guard let before, let after = resident else { return nil }
    return (after - before) / count
  }
}
