import Foundation

/// The memory that the process holds, in bytes; `nil` where the system does not say it simply.
var residentBytes: Int? {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
    return nil
  }
  let fields = text.split(separator: " ")
  guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
  return pages * 4_096
}

/// Whether the long tests are to be run: `RESILIENCE_SOAK` is set, as by the check script.
let isSoaking = ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] != nil
