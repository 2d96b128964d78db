// Written on `Policy`, not on the actor: there the compiler inlines it into its caller, while a
// nonisolated method of an actor costs a switch of executors each way.
extension Policy where Self == CircuitBreaker {
  /// Runs the operation if the circuit lets it pass, and counts how it ended.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw, or ``CircuitOpen`` if it was not run.
  @inlinable
  @inline(__always)
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    let seen = self.core.glance
    var start = Moment(nanoseconds: 0)
    if !seen.admitsAtOnce {
      guard seen.admitsAll else {
        try self.core.refuseAtOnce(seen)
        return try await offPath { try await self.runWatched(operation) }
      }
      start = self.core.begin(seen)
    }
    return try await self.carryOut(operation, seen, since: start)
  }

  /// Runs the operation if the circuit lets it pass, and says so with `nil` if it does not.
  ///
  /// As ``run(_:)``, for callers that have something else to do then and need not know more. A refusal
  /// by an open circuit costs a look at a clock, unless the breaker has an observer, a parent or judges
  /// values. That a parent refuses comes out as `nil` too; a circuit that lets calls wait while it is
  /// half-open lets these wait as well.
  ///
  /// ```swift
  /// let suggestions = try await breaker.runIfAdmitted { try await service.suggestions() } ?? []
  /// ```
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned, or `nil` if it was not run.
  /// - Throws: What the operation threw; `CancellationError` if the task is cancelled while it waits.
  @inlinable
  @inline(__always)
  public func runIfAdmitted<T>(_ operation: () async throws -> T) async throws -> T? {
    let seen = self.core.glance
    var start = Moment(nanoseconds: 0)
    if !seen.admitsAtOnce {
      guard seen.admitsAll else {
        if self.core.refusesAtOnce(seen) { return nil }
        return try await offPath { try await self.runWatchedIfAdmitted(operation) }
      }
      start = self.core.begin(seen)
    }
    return try await self.carryOut(operation, seen, since: start)
  }

  /// Runs an operation that the word has admitted.
  @inlinable
  @inline(__always)
  func carryOut<T>(
    _ operation: () async throws -> T,
    _ seen: BreakerWord,
    since start: Moment
  ) async throws -> T {
    do {
      let value = try await operation()
      // Most successes change nothing, or are counted here; the machine hears of the others.
      if !self.core.isQuiet(since: seen), !self.core.countSuccess(since: seen, start) {
        await offPath { await self.settle(BreakerTicket(seen, start), value: value) }
      }
      return value
    } catch {
      await offPath { await self.settle(BreakerTicket(seen, start), error: error) }
      throw error
    }
  }
}

extension CircuitBreaker: Policy {
  /// Runs an operation that counts for several calls.
  ///
  /// - Parameters:
  ///   - weight: For how many calls it counts in the windows and in a row. At least 1. A probe is
  ///     one probe, however heavy.
  ///   - operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw, or ``CircuitOpen`` if it was not run.
  public nonisolated func run<T>(
    weight: Int,
    _ operation: () async throws -> T
  ) async throws -> T {
    precondition(weight >= 1, "need weight (\(weight)) >= 1")
    if let parent = core.parent {
      return try await parent.run(weight: weight) { try await runAlone(weight: weight, operation) }
    }
    return try await runAlone(weight: weight, operation)
  }

  /// Runs an operation of a breaker that is not simply closed, or whose every call is looked at.
  @usableFromInline
  nonisolated func runWatched<T>(_ operation: () async throws -> T) async throws -> T {
    guard let parent = core.parent else { return try await runAlone(weight: 1, operation) }
    return try await parent.run { try await runAlone(weight: 1, operation) }
  }

  /// As `runWatched(_:)`, but for the answer to a refusal.
  @usableFromInline
  nonisolated func runWatchedIfAdmitted<T>(
    _ operation: () async throws -> T
  ) async throws -> T? {
    var hasBegun = false
    do {
      return try await runWatched {
        hasBegun = true
        return try await operation()
      }
    } catch is CircuitOpen where !hasBegun {
      // By this breaker or by what it is a part of; one further out ignores it like any rejection.
      return nil
    }
  }

  private nonisolated func runAlone<T>(
    weight: Int,
    _ operation: () async throws -> T
  ) async throws -> T {
    let ticket = try await admit()
    do {
      let value = try await operation()
      await settle(ticket, as: core.classifier.judge(value: value), weight: weight)
      return value
    } catch {
      await settle(ticket, as: core.classifier.judge(error), weight: weight, error: error)
      throw error
    }
  }

  nonisolated func admit() async throws -> BreakerTicket {
    var deadline: Moment?
    while true {
      let admission = core.admit()
      await deliverAnnouncements()
      switch admission {
      case .pass(let ticket):
        core.report(.admitted, at: core.timeline.now)
        return ticket
      case .refuse(let error, let retry):
        guard error.state == .halfOpen, case .wait(let limit, let longest) = core.excess else {
          throw refuse(error)
        }
        let now = core.timeline.now
        let end = deadline ?? now.advanced(by: Deadline.clamp(longest))
        deadline = end
        guard now < end else { throw refuse(error) }
        try await wait(until: min(end, retry ?? end), limit: limit, orRefuseWith: error)
      }
    }
  }

  /// Waits for a half-open circuit's decision, unless there is reason to ask again by now.
  private nonisolated func wait(
    until moment: Moment,
    limit: Int,
    orRefuseWith error: CircuitOpen
  ) async throws {
    let waiter = BreakerLine.Waiter()
    guard let place = core.line.join(waiter, limit: limit) else { throw refuse(error) }
    defer { core.line.leave(place) }
    // What was decided before the caller stood in line would wake nobody.
    if core.wouldAdmit || core.currentState != .halfOpen { return }
    core.report(.queued, at: core.timeline.now)
    try await core.line.wait(waiter, until: moment, on: core.timeline)
  }

  private nonisolated func refuse(_ error: CircuitOpen) -> CircuitOpen {
    core.report(.refused(error), at: core.timeline.now)
    return error
  }

  @usableFromInline
  nonisolated func settle<T>(_ ticket: BreakerTicket, value: T) async {
    await settle(ticket, as: core.classifier.judge(value: value))
  }

  @usableFromInline
  nonisolated func settle(_ ticket: BreakerTicket, error: any Error) async {
    await settle(ticket, as: core.classifier.judge(error), error: error)
  }

  @discardableResult
  nonisolated func settle(
    _ ticket: BreakerTicket,
    as verdict: Verdict,
    weight: Int = 1,
    error: (any Error)? = nil
  ) async -> Settlement {
    let settlement = core.settle(ticket, as: verdict, weight: weight, error: error)
    await deliverAnnouncements()
    await tellParent()
    return settlement
  }

  /// Lets the parent ask its rule again, if this circuit is open.
  private nonisolated func tellParent() async {
    guard let parent = core.parent, core.glance.state == .open else { return }
    parent.core.reconsider()
    await parent.deliverAnnouncements()
    await parent.tellParent()
  }
}
