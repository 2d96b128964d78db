import Dispatch

/// Lets actors run on one serial Dispatch queue, where the events of sockets arrive.
///
/// Actors of one executor may call each other without waiting, through `assumeIsolated`, and so may
/// the handlers of Dispatch sources. On Apple systems `DispatchSerialQueue` does the same; on Linux
/// it does not exist.
final class QueueExecutor: SerialExecutor {
  let queue: DispatchQueue

  init(label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // The actor that the job belongs to keeps this executor alive.
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() {
    dispatchPrecondition(condition: .onQueue(queue))
  }
}
