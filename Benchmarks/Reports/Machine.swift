import Foundation

/// What the figures were measured on.
struct Machine: Encodable {
  let architecture: String
  let cores: Int
  let system: String
  let compiler: String

  init() {
    architecture = Self.architecture
    cores = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
    compiler = Self.compiler
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  /// The compiler as far as it can be asked while it compiles.
  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }
}
