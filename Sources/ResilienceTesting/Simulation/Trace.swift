import Resilience

/// What happened in a world, in order; written out only when someone wants to read it.
final class TraceLog: Sendable {
  enum Content: Sendable {
    case event(Event)
    case note(String)
    /// A task goes on; the text tells it from others of the process.
    case runs(String)
    /// An alarm rings.
    case rings
    /// The task that runs is called this.
    case named(String)
  }

  private struct State {
    var lines: [(at: Moment, content: Content)] = []
    var omitted = 0
  }

  private let state = Guarded(State())
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  func add(_ content: Content, at moment: Moment) {
    state.withLock { state in
      if state.lines.count < limit {
        state.lines.append((moment, content))
      } else {
        state.omitted += 1
      }
    }
  }

  /// The trace, one line per event, oldest first.
  var text: String {
    let (lines, omitted) = state.withLock { ($0.lines, $0.omitted) }
    var tasks = TaskNames()
    var text = ""
    for (moment, content) in lines {
      text += "\(moment.traceText)  \(tasks.describe(content))\n"
    }
    return omitted > 0 ? text + "… and \(omitted) more\n" : text
  }
}

/// Numbers tasks in the order in which they first ran, since their own numbers are the process's.
private struct TaskNames {
  private var numbers: [String: Int] = [:]
  private var names: [Int: String] = [:]
  private var current = 0

  mutating func describe(_ content: TraceLog.Content) -> String {
    switch content {
    case .event(let event): return event.traceText
    case .note(let note): return note
    case .rings: return "an alarm rings"
    case .named(let name):
      names[current] = name
      return "task \(current) is “\(name)”"
    case .runs(let task):
      // What has no number is not a task: the runtime's own, when a task yields or an actor goes on.
      if task.contains("(id: nil)") { return "a yield or an actor" }
      current = numbers[task] ?? numbers.count + 1
      numbers[task] = current
      return "task \(current) goes on" + (names[current].map { " (“\($0)”)" } ?? "")
    }
  }
}

extension Event {
  /// The event without its time, which stands at the beginning of the line.
  var traceText: String {
    let text = "\(policy): \(kind)"
    guard !metadata.isEmpty else { return text }
    let pairs = metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(text) [\(pairs.joined(separator: " "))]"
  }
}

extension Moment {
  /// Seconds since the origin with nine digits after the point, so that lines are aligned.
  var traceText: String {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(rest.magnitude)
    let fraction = String(repeating: "0", count: 9 - digits.count) + digits
    let sign = nanoseconds < 0 && seconds == 0 ? "-" : ""
    return "\(sign)\(seconds).\(fraction)"
  }
}
