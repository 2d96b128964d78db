import Foundation
import Resilience

/// Work on a thread that no task runs on.
enum ThreadWork {
  static func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
    let done = Parked<T>()
    Thread.detachNewThread { done.resume(with: body()) }
    return await done.wait()
  }
}
