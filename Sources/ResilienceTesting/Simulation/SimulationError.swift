public import Resilience

/// Thrown when a simulated world cannot go on, or did not end as it should.
public enum SimulationError: Error, Hashable, CustomStringConvertible {
  /// Tasks wait, but nothing is ready and no time is waited for, so they would wait for ever.
  ///
  /// `waiting` names those who have not ended: the body, then spawned tasks in the order in which
  /// they were spawned. They may wait for each other, or for something outside of the world.
  case stuck(at: Moment, waiting: [String])

  /// The world took more steps than its limits allow, as an endless loop would.
  case tooManySteps(Int, at: Moment, running: [String])

  /// The next thing to happen lies beyond the limit of the world's time.
  case tooMuchTime(Duration, waiting: [String])

  /// A thread of the outside made a task of the world ready, so that the run cannot be repeated.
  case disturbed(at: Moment, running: [String])

  /// The body has ended, but these spawned tasks did not, though they were cancelled.
  case leftover([String])

  /// What went wrong, on one line.
  public var description: String {
    switch self {
    case .stuck(let at, let waiting):
      "stuck at \(at.traceText): nothing is ready or scheduled, but \(list(waiting)) still wait "
        + "(for each other, or for something outside of the world: a real clock, another "
        + "executor, or a task made without `world.spawn`)"
    case .tooManySteps(let limit, let at, let running):
      "took more than \(limit) steps, at \(at.traceText); not ended: \(list(running))"
    case .tooMuchTime(let limit, let waiting):
      "the next thing to happen is beyond \(limit); not ended: \(list(waiting))"
    case .disturbed(let at, let running):
      "disturbed at \(at.traceText): a thread outside of the world (a real clock, Dispatch, "
        + "another executor, the network) woke one of its tasks; not ended: \(list(running))"
    case .leftover(let names):
      "the body has ended, but these tasks did not when they were cancelled: \(list(names))"
    }
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(10).map { "“\($0)”" }.joined(separator: ", ")
    return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
  }
}
