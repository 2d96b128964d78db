internal import Foundation

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Writes a body to a file that appears when it is complete.
enum FileSink {
  /// Writes a body, away from the caller's isolation, since writing may take its time.
  ///
  /// - Throws: What the body throws; ``FileNotWritten``.
  @concurrent static func write(_ body: HTTPResponseBody, to file: URL) async throws {
    let part = file.deletingLastPathComponent()
      .appendingPathComponent(".\(file.lastPathComponent).\(UUID().uuidString).part")
    var isComplete = false
    defer { if !isComplete { try? FileManager.default.removeItem(at: part) } }
    let handle = try noting(file) {
      try Data().write(to: part, options: .withoutOverwriting)
      return try FileHandle(forWritingTo: part)
    }
    defer { try? handle.close() }
    for try await piece in body { try noting(file) { try handle.write(contentsOf: piece) } }
    try noting(file) { try handle.close() }
    try rename(part, to: file)
    isComplete = true
  }

  /// Replaces a file, at once.
  private static func rename(_ part: URL, to file: URL) throws(FileNotWritten) {
    let status = unsafe part.withUnsafeFileSystemRepresentation { source in
      unsafe file.withUnsafeFileSystemRepresentation { target -> Int32 in
        guard let source = unsafe source, let target = unsafe target else { return EINVAL }
        #if canImport(Darwin)
          return unsafe Darwin.rename(source, target) == 0 ? 0 : errno
        #elseif canImport(Musl)
          return unsafe Musl.rename(source, target) == 0 ? 0 : errno
        #else
          return unsafe Glibc.rename(source, target) == 0 ? 0 : errno
        #endif
      }
    }
    guard status == 0 else {
      throw FileNotWritten(
        file: file,
        underlying: NSError(domain: NSPOSIXErrorDomain, code: Int(status))
      )
    }
  }

  private static func noting<Value>(
    _ file: URL,
    _ body: () throws -> Value
  ) throws(FileNotWritten) -> Value {
    do {
      return try body()
    } catch {
      throw FileNotWritten(file: file, underlying: error)
    }
  }
}
