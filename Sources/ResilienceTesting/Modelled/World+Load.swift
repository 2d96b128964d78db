public import Resilience

extension World {
  /// Lets calls arrive, whether or not earlier ones have ended, as users do who know nothing of each
  /// other.
  ///
  /// Returns when all calls have ended.
  ///
  /// - Parameters:
  ///   - shape: How many arrive, and how long.
  ///   - arrivals: How they are spaced.
  ///   - width: The length of the intervals that the report counts in. Positive.
  ///   - callee: The service in which attempts are counted.
  ///   - breakers: Breakers whose states are noted.
  ///   - operation: A call.
  /// - Returns: What became of the calls.
  public func openLoop(
    _ shape: LoadShape,
    arrivals: Arrivals = .poisson,
    every width: Duration = .seconds(1),
    callee: ModelledService? = nil,
    breakers: [CircuitBreaker] = [],
    _ operation: @escaping @Sendable () async throws -> Void
  ) async -> LoadReport {
    var times = ArrivalTimes(shape, arrivals, random: random)
    let begin = timeline.now
    return await record(every: width, callee: callee, breakers: breakers) { recorder in
      await withDiscardingTaskGroup { group in
        while let time = times.next() {
          guard (try? await timeline.sleep(until: begin.advanced(by: time))) != nil else { return }
          group.addTask { await recorder.call(operation) }
        }
      }
    }
  }

  /// Lets calls arrive at a constant rate: see ``openLoop(_:arrivals:every:callee:breakers:_:)``.
  ///
  /// - Parameters:
  ///   - rate: Calls per second.
  ///   - duration: How long.
  ///   - callee: The service in which attempts are counted.
  ///   - breakers: Breakers whose states are noted.
  ///   - operation: A call.
  /// - Returns: What became of the calls, second by second.
  public func openLoop(
    rate: Double,
    for duration: Duration,
    callee: ModelledService? = nil,
    breakers: [CircuitBreaker] = [],
    _ operation: @escaping @Sendable () async throws -> Void
  ) async -> LoadReport {
    await openLoop(
      .constant(rate, for: duration),
      callee: callee,
      breakers: breakers,
      operation
    )
  }

  /// Lets a number of clients call, each one again when its last call has ended and it has thought.
  ///
  /// Returns when all calls have ended.
  ///
  /// - Parameters:
  ///   - clients: How many there are. At least 1.
  ///   - think: How long each one pauses between its calls, and before the first.
  ///   - duration: How long they begin calls.
  ///   - width: The length of the intervals that the report counts in. Positive.
  ///   - callee: The service in which attempts are counted.
  ///   - breakers: Breakers whose states are noted.
  ///   - operation: A call.
  /// - Returns: What became of the calls.
  public func closedLoop(
    clients: Int,
    think: LatencyModel,
    for duration: Duration,
    every width: Duration = .seconds(1),
    callee: ModelledService? = nil,
    breakers: [CircuitBreaker] = [],
    _ operation: @escaping @Sendable () async throws -> Void
  ) async -> LoadReport {
    precondition(clients >= 1, "need clients (\(clients)) >= 1")
    let end = timeline.now.advanced(by: duration)
    return await record(every: width, callee: callee, breakers: breakers) { recorder in
      await withDiscardingTaskGroup { group in
        for _ in 0..<clients {
          group.addTask {
            while true {
              let pause = think.draw(from: self.random)
              guard (try? await self.timeline.sleep(for: pause)) != nil else { return }
              guard self.timeline.now < end else { return }
              await recorder.call(operation)
            }
          }
        }
      }
    }
  }

  private func record(
    every width: Duration,
    callee: ModelledService?,
    breakers: [CircuitBreaker],
    _ load: (LoadRecorder) async -> Void
  ) async -> LoadReport {
    let recorder = LoadRecorder(width: width, in: self)
    guard !breakers.isEmpty else {
      await load(recorder)
      return recorder.report(callee: callee, breakers: [])
    }
    let watch = spawn("watch of the breakers") { await recorder.watch(breakers) }
    await load(recorder)
    watch.cancel()
    _ = await watch.result
    return recorder.report(callee: callee, breakers: breakers)
  }
}
