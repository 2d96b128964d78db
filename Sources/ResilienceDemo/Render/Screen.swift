/// The live picture of a run, as a function of what there is to be seen and of the window.
///
/// It has as much detail as fits: high bands in a large window, one line for each client in a small
/// one.
struct Screen {
  /// Columns of the labels before the bands, and of the values behind them.
  private static let (margin, tail) = (10, 10)

  /// How much of each client is shown.
  private enum Detail: Equatable {
    case bands(height: Int)
    case brief(isSpaced: Bool)
    case line

    static let all: [Detail] =
      [4, 3, 2, 1].map { .bands(height: $0) } + [
        .brief(isSpaced: true), .brief(isSpaced: false), .line,
      ]
  }

  let snapshot: RunSnapshot
  let palette: Palette
  let window: Terminal.Size
  /// Said at the bottom, such as the address of the dashboard.
  var footer: String?

  /// The lines of the picture: no more than the window has rows, none wider than it has columns.
  var lines: [String] {
    let detail = Detail.all.first { rows(of: $0) <= window.rows } ?? .line
    let shown = picture(detail)
    let room = window.rows - shown.count - footerLines.count
    return (shown + events(room) + footerLines).prefix(window.rows).map {
      $0.text(columns: window.columns, palette)
    }
  }

  /// Rows that a picture takes, with those that it leaves for what happened.
  private func rows(of detail: Detail) -> Int {
    let breakers = snapshot.clients.count { $0.breakerState != nil }
    let (head, client, rest) =
      switch detail {
      case .bands(let height): (5, height + (height + 1) / 2 * 2 + 3, Self.eventRows)
      case .brief(let isSpaced): isSpaced ? (4, 3, Self.eventRows) : (2, 2, Self.eventRows)
      case .line: (2, 1, 0)
      }
    return head + client * snapshot.clients.count + (detail == .line ? 0 : breakers) + rest
      + footerLines.count
  }

  /// Rows that a detailed picture leaves at least: for a heading and three events.
  private static let eventRows = 4

  private func picture(_ detail: Detail) -> [ScreenLine] {
    let (isFull, isSpaced) =
      switch detail {
      case .bands: (true, true)
      case .brief(let isSpaced): (false, isSpaced)
      case .line: (false, false)
      }
    let blank: [ScreenLine] = isSpaced ? [.blank] : []
    return [title]
      + (isFull ? [ScreenLine(snapshot.options.scenario.summary, .grey)] : [])
      + blank
      + band("service", .service(snapshot), height: 1, snapshot.serviceWord)
      + blank
      + snapshot.clients.flatMap { lines(of: $0, detail) + blank }
  }

  private var title: ScreenLine {
    let name = ScreenLine("resilience-demo · \(snapshot.options.scenario.name)", .bold)
    let time = "\(snapshot.shownElapsed) of \(snapshot.options.duration.seconds.fixed(0)) s"
    return name.padded(to: window.columns - time.columns) + time
  }

  // MARK: Clients

  private func lines(of client: RunSnapshot.Client, _ detail: Detail) -> [ScreenLine] {
    let answered = Band.successes(client, in: snapshot)
    let share = client.lastSecond.shownSuccesses
    switch detail {
    case .line: return band(client.name, answered, height: 1, share)
    case .brief:
      return band(client.name, answered, height: 1, share)
        + band(" p99", .latency(client), height: 1, client.shownLatency) + breaker(client, " ")
    case .bands(let height):
      let heading = ScreenLine(client.name, .bold).padded(to: Self.margin) + client.description
      return [heading] + band("answered", answered, height: height, share)
        + band("p99", .latency(client), height: (height + 1) / 2, client.shownLatency)
        + band("on wire", .wire(client, in: snapshot), height: (height + 1) / 2, rate(of: client))
        + breaker(client)
        + [ScreenLine("").padded(to: Self.margin) + ScreenLine(client.counters, .grey)]
    }
  }

  private func breaker(_ client: RunSnapshot.Client, _ indent: String = "") -> [ScreenLine] {
    guard let state = client.breakerState else { return [] }
    return band("\(indent)breaker", .breaker(client, in: snapshot), height: 1, state)
  }

  /// Attempts per second in the last interval that is over.
  private func rate(of client: RunSnapshot.Client) -> String {
    let step = snapshot.options.duration.seconds / Double(IntervalResult.count)
    guard let last = client.intervals.dropLast().last else { return "–" }
    return "\((Double(last.attempts) / step).fixed(0))/s"
  }

  private func band(
    _ label: String,
    _ band: Band,
    height: Int,
    _ value: String
  ) -> [ScreenLine] {
    let lines = band.lines(width: window.columns - Self.margin - Self.tail, height: height)
    return lines.enumerated().map { row, line in
      let isLast = row == height - 1
      let name = isLast ? String(label.prefix(Self.margin - 1)) : ""
      return ScreenLine(name).padded(to: Self.margin) + line + (isLast ? " \(value)" : "")
    }
  }

  // MARK: Events

  /// The last things that happened, oldest first.
  private func events(_ room: Int) -> [ScreenLine] {
    guard room >= 2 else { return [] }
    return [ScreenLine("events", .bold)]
      + snapshot.events.suffix(room - 1).map { event in
        ScreenLine("\(event.seconds.fixed(2).aligned(to: 8)) s  ", .grey) + event.text
      }
  }

  private var footerLines: [ScreenLine] { footer.map { [ScreenLine($0, .grey)] } ?? [] }
}

extension Ledger.Tally {
  /// The share of successes in per cent, if there was any call.
  var shownSuccesses: String {
    calls == 0 ? "–" : "\((Double(successes) / Double(calls) * 100).fixed(0)) %"
  }
}

extension RunSnapshot.Client {
  fileprivate var shownLatency: String {
    latency.map { Chart.Unit.milliseconds.text($0.p99Milliseconds) } ?? "–"
  }

  /// What is counted, on one line, the most telling first.
  fileprivate var counters: String {
    let queue = queued.map { ", \($0) queued" } ?? ""
    return "in flight \(inFlight)\(queue) · in 1 s failed \(lastSecond.failures) · "
      + "refused \(lastSecond.refused) · retries \(retries) · requests \(requests)"
  }
}

extension RunSnapshot {
  /// Something that happened at a moment.
  struct Event: Equatable, Sendable {
    let seconds: Double
    let text: String
  }

  /// Changes of the service and of the breakers, oldest first.
  var events: [Event] {
    let changes = marks.map { mark in
      let name = options.scenario.phases[mark.phase].name
      return Event(seconds: mark.at.seconds, text: "\("service".padded(to: 10)) \(name)")
    }
    let transitions = clients.flatMap { client in
      client.transitions.map {
        Event(
          seconds: $0.atSeconds,
          text: "\(client.name.padded(to: 10)) breaker \($0.from) → \($0.to)"
        )
      }
    }
    return (changes + transitions).sorted { $0.seconds < $1.seconds }
  }

  /// Time since the beginning, but for the wait for the last calls.
  fileprivate var shownElapsed: String { min(elapsed, options.duration).seconds.fixed(1) }

  /// How the service is, in a word.
  var serviceWord: String { phase?.name ?? "healthy" }
}
