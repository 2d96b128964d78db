import Foundation

/// Whether times are to be held to their limits: the tests are built for release, and those that
/// measure run by themselves, as by the check script.
let isMeasuring: Bool = {
  #if DEBUG
    false
  #else
    ProcessInfo.processInfo.environment["RESILIENCE_SOAK"] != nil
  #endif
}()

/// By what a machine of the same kind may be slower than the one that the goals are met on.
let slowestMachine = 3
