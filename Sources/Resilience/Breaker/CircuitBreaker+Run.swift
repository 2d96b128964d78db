// Written on `Policy`, not on the actor: there the compiler inlines it into its caller, while a
// nonisolated method of an actor costs a switch of executors each way.
extension Policy where Self == CircuitBreaker {
  /// Runs the operation if the circuit lets it pass, and counts how it ended.
  ///
  /// - Parameter operation: What to call, at most once.
  /// - Returns: What the operation returned.
  /// - Throws: What the operation threw, or ``CircuitOpen`` if it was not run.
  @inlinable
  public func run<T>(_ operation: () async throws -> T) async throws -> T {
    var ticket = self.core.glance
    if !ticket.admitsAll { ticket = try await self.admit() }
    do {
      let value = try await operation()
      if !self.core.glance.isIndifferent(to: ticket), !self.core.countSuccess(of: ticket) {
        await self.settle(ticket, value: value)
      }
      return value
    } catch {
      await self.settle(ticket, error: error)
      throw error
    }
  }
}

extension CircuitBreaker: Policy {
  @usableFromInline
  nonisolated func admit() async throws -> BreakerWord {
    let ticket = try core.admit()
    await deliverAnnouncements()
    core.reportAdmission()
    return ticket
  }

  @usableFromInline
  nonisolated func settle<T>(_ ticket: BreakerWord, value: T) async {
    await settle(ticket, as: core.classifier.judge(value: value))
  }

  @usableFromInline
  nonisolated func settle(_ ticket: BreakerWord, error: any Error) async {
    await settle(ticket, as: core.classifier.judge(error))
  }

  @discardableResult
  nonisolated func settle(_ ticket: BreakerWord, as verdict: Verdict) async -> Settlement {
    let settlement = core.settle(ticket, as: verdict)
    await deliverAnnouncements()
    return settlement
  }

  /// Waits until the transitions so far have been announced, or are being announced by another.
  private nonisolated func deliverAnnouncements() async {
    guard core.hasAnnouncements else { return }
    // A task of its own, so that the caller's cancellation and deadline are not the hooks'.
    await Task.detached(executorPreference: inheritedExecutor()) { await self.announce() }.value
  }
}
