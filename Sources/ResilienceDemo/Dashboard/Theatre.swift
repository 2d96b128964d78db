/// Plays a scenario as often as the dashboard's audience asks for it, and lets it break the service.
///
///     waiting ──▶ running ──▶ finished ──▶ running …
///
/// The first page that is opened begins the run, and so does the button of any page later.
actor Theatre: Stage {
  private let options: Options
  private let cues: AsyncStream<Void>
  private let cue: AsyncStream<Void>.Continuation

  private var act = Scene.Act.waiting
  private var run: Run?
  private var result: RunResult?
  /// What is broken by hand now, and since when.
  private var broken: [HandFault: Double] = [:]
  /// What was broken by hand in this run, and is healed.
  private var breakages: [Breakage] = []
  /// Whether the claims say nothing any more.
  private(set) var isTouched = false

  init(_ options: Options) {
    self.options = options
    (cues, cue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Plays until the task is cancelled.
  ///
  /// - Parameters:
  ///   - play: Performs a run, and closes it.
  ///   - present: Says what came of it: without claims, if it was broken by hand.
  /// - Throws: What keeps a run from being performed, or its result from being said.
  nonisolated func open(
    _ play: (Run) async throws -> RunResult,
    present: (RunResult) throws -> Void = { _ in }
  ) async throws {
    for await _ in cues {
      let run = try Run(options)
      await begin(run)
      try present(await end(try await play(run)))
    }
  }

  /// Whether the claims of the last run hold; `nil` if no run is over, or one goes on.
  ///
  /// The claims of a run that was broken by hand are not judged.
  var claimsHold: Bool? {
    guard act == .finished, let result else { return nil }
    return result.claimsHold
  }

  private func begin(_ run: Run) {
    self.run = run
  }

  /// Ends the run.
  ///
  /// - Returns: What it says for all that was done to it.
  private func end(_ result: RunResult) -> RunResult {
    closeBreakages(at: result.settings.durationSeconds)
    let result = isTouched ? result.broken(by: breakages) : result
    act = .finished
    run = nil
    self.result = result
    return result
  }

  // MARK: What is seen

  func scene() -> Scene {
    let switches = HandFault.allCases.map {
      FaultSwitch(name: $0.rawValue, title: $0.title, isOn: broken[$0] != nil)
    }
    return Scene(act: act, picture: picture, isTouched: isTouched, switches: switches)
  }

  private var picture: RunPicture {
    if let run {
      let snapshot = run.snapshot()
      let now = snapshot.elapsed.seconds
      let open = broken.map { $0.key.breakage(from: $0.value, to: now) }
      return RunPicture(snapshot, breakages: breakages + open)
    }
    guard let result else { return RunPicture(.before(options)) }
    return RunPicture(result)
  }

  // MARK: What is pressed

  func flip(_ name: String) -> String? {
    guard let fault = HandFault(rawValue: name) else { return nil }
    guard let run else { return Self.nothingRuns }
    let now = run.elapsed.seconds
    isTouched = true
    if let start = broken.removeValue(forKey: fault) {
      breakages.append(fault.breakage(from: start, to: now))
    } else {
      broken[fault] = now
    }
    run.breakByHand(HandFault.allCases.filter { broken[$0] != nil }.map(\.fault))
    return broken[fault] == nil ? "Healed." : fault.sentence
  }

  func heal() -> String {
    guard let run else { return Self.nothingRuns }
    guard !broken.isEmpty else { return "Nothing is broken by hand." }
    closeBreakages(at: run.elapsed.seconds)
    run.breakByHand([])
    return "Healed."
  }

  func play() -> String {
    guard act != .running else { return "It runs already." }
    giveCue()
    return "It begins."
  }

  func audienceArrived() {
    if act == .waiting { giveCue() }
  }

  /// Asks for one run: whoever asks again while it begins does not ask for another.
  private func giveCue() {
    act = .running
    result = nil
    broken = [:]
    breakages = []
    isTouched = false
    cue.yield()
  }

  /// Ends everything that is broken by hand.
  private func closeBreakages(at now: Double) {
    breakages += broken.map { $0.key.breakage(from: $0.value, to: now) }
      .sorted { $0.beganAtSeconds < $1.beganAtSeconds }
    broken = [:]
  }

  private static let nothingRuns = "Nothing runs: begin again first."
}

extension HandFault {
  fileprivate func breakage(from start: Double, to end: Double) -> Breakage {
    Breakage(name: title, beganAtSeconds: start, endedAtSeconds: max(start, end))
  }
}
