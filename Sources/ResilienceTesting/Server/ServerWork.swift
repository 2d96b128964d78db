import Dispatch

/// Counts what has to end before a stopped server is gone.
struct ServerWork: Sendable {
  /// One entry for each open connection.
  let descriptors = DispatchGroup()

  /// One entry for each task that answers a request, and one for the server until it is stopped.
  let replies = DispatchGroup()
}
