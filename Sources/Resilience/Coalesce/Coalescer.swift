/// Lets concurrent calls with the same key share one execution.
///
/// ```swift
/// let profiles = Coalescer<User.ID, Profile>()
/// let profile = try await profiles.run(for: id) { try await service.profile(id) }
/// ```
///
/// The first call with a key starts the operation; calls with the same key that come while it runs
/// wait for its outcome, value or error. A caller that is cancelled leaves at once and disturbs
/// nobody; when the last one has left, the operation is cancelled. Nothing is kept afterwards: the
/// next call starts anew.
///
/// The operation runs in a task of its own, with the task-local values and priority of the call
/// that started it. Since it may outlive that call it has to be `@Sendable`. It should heed its
/// cancellation: one that does not runs on unseen, while a new call starts another.
public final class Coalescer<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private typealias Flight = CoalescedFlight<Value>

  private let flights = Guarded<[Key: Flight]>([:])

  /// Creates a coalescer with nothing under way.
  public init() {}

  /// The number of keys under way.
  public var count: Int { flights.withLock { $0.count } }

  /// Waits for the outcome of the operation for a key, starting it if it is not under way.
  ///
  /// - Parameters:
  ///   - key: What the operation is for.
  ///   - operation: What to call, if no other call does.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw; `CancellationError` if this caller is cancelled before.
  public func run(
    for key: Key,
    _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    let (flight, seat, isNew) = board(key)
    if isNew {
      flight.start(executor: inheritedExecutor()) { [self] in
        let result: Result<Value, any Error>
        do {
          result = .success(try await operation())
        } catch {
          result = .failure(error)
        }
        remove(flight, for: key)
        flight.land(result)
      }
    }
    let outcome = await withTaskCancellationHandler {
      await seat.wait()
    } onCancel: {
      leave(flight, seat, key)
    }
    guard let outcome else { throw CancellationError() }
    return try outcome.get()
  }

  private func board(_ key: Key) -> (Flight, Flight.Seat, isNew: Bool) {
    flights.withLock { flights in
      if let flight = flights[key] { return (flight, flight.board(), false) }
      let flight = Flight()
      flights[key] = flight
      return (flight, flight.board(), true)
    }
  }

  private func leave(_ flight: Flight, _ seat: Flight.Seat, _ key: Key) {
    guard seat.resume(with: nil) else { return }
    // Under the lock, so that nobody boards a flight that is being given up.
    let isEmpty = flights.withLock { flights in
      guard flight.leave() else { return false }
      if flights[key] === flight { flights[key] = nil }
      return true
    }
    if isEmpty { flight.cancel() }
  }

  private func remove(_ flight: Flight, for key: Key) {
    flights.withLock { flights in
      if flights[key] === flight { flights[key] = nil }
    }
  }
}

/// One execution and those who wait for it.
final class CoalescedFlight<Value: Sendable>: Sendable {
  /// Where one caller waits; `nil` means that the caller has left.
  typealias Seat = Parked<Result<Value, any Error>?>

  private struct State {
    var seats: [Seat] = []
    var left = 0
    var task: Task<Void, Never>?
    var isCancelled = false
  }

  private let state = Guarded(State())

  func board() -> Seat {
    let seat = Seat()
    state.withLock { $0.seats.append(seat) }
    return seat
  }

  func start(executor: (any TaskExecutor)?, _ body: @escaping @Sendable () async -> Void) {
    let task = Task(executorPreference: executor) { await body() }
    let isCancelled = state.withLock { state in
      state.task = task
      return state.isCancelled
    }
    if isCancelled { task.cancel() }
  }

  /// One caller leaves.
  ///
  /// - Returns: Whether it was the last.
  func leave() -> Bool {
    state.withLock { state in
      state.left += 1
      return state.left == state.seats.count
    }
  }

  func cancel() {
    let task = state.withLock { state in
      state.isCancelled = true
      return state.task
    }
    task?.cancel()
  }

  func land(_ result: Result<Value, any Error>) {
    for seat in state.withLock({ $0.seats }) { seat.resume(with: result) }
  }
}

extension Coalescer: PolicyLayer {
  /// The coalescer itself.
  public var stages: [PolicyStage] { [PolicyStage(.coalescer, name: "")] }
}
