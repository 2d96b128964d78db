/// Runs what a policy seldom has to wait for, in a way that costs the usual path nothing.
///
/// After an asynchronous *function* the compiler does not know on which executor it is; after a
/// *closure* it returns to its own. Where the two paths of an inlined policy meet again, the
/// former makes every policy around it switch executors once per call, some eighty instructions
/// each, even when the function was not called.
@inlinable
func offPath<T>(_ work: () async throws -> T) async rethrows -> T {
  try await work()
}
