import Foundation

/// Tells whether the kernel took the processor away from the present thread.
///
/// What has moved to another thread, and so has suspended, is never excused by it. Neither is a wait
/// that the code asked for: the kernel counts that as a voluntary switch. Only Linux counts switches
/// by thread; elsewhere nothing is seen, and nothing excused.
///
/// ## Source
/// Linux, [getrusage(2)](https://man7.org/linux/man-pages/man2/getrusage.2.html), `ru_nivcsw`.
struct PreemptionWatch {
  private let thread = pthread_self()
  private let switches = Self.involuntarySwitches

  /// Whether it happened since the watch was made.
  var hasSeenPreemption: Bool {
    pthread_equal(thread, pthread_self()) != 0 && Self.involuntarySwitches != switches
  }

  private static var involuntarySwitches: Int {
    #if canImport(Glibc)
      var usage = rusage()
      // RUSAGE_THREAD is an extension of GNU that the module does not export.
      let isKnown = unsafe getrusage(__rusage_who_t(1), &usage) == 0
      return isKnown ? usage.ru_nivcsw : 0
    #else
      return 0
    #endif
  }
}
