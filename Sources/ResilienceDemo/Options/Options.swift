/// What a run is asked to do.
struct Options: Equatable, Sendable {
  /// Whole seconds that a run may last; below, there is too little time to fail and recover in.
  static let durations = 3...3_600

  /// Calls per second and client; below, a failing phase has too few calls to compare clients by.
  static let rates = 60...200

  var scenario = Scenario.outage

  /// The file that the scenario was read from, as it was given; `nil` for one that has a name.
  var scenarioFile: String?

  /// The clients that were asked for; `nil` for those of the scenario.
  var chosen: [ClientPolicy]?

  var duration = Duration.seconds(10)
  var rate = 80
  var seed: UInt64 = 1
  var isJSON = false

  /// Where a page about the results is written; `nil` for nowhere.
  var report: String?

  /// Whether the run is shown as a page while it goes on.
  var isDashboard = false

  /// Where a server is to be reached; 0 for any free port.
  var port: UInt16 = 0

  /// Whether the run takes place in a simulated world.
  var isSimulated = false

  /// The settings of the clients.
  var limits: Limits { Limits(duration: duration, scenario.tuning) }

  /// The clients that take part, in order.
  var policies: [ClientPolicy] { chosen ?? scenario.policies }
}

/// What the command line asks for.
enum Command: Equatable, Sendable {
  case run(Options)
  /// All scenarios, one after the other.
  case suite([Options])
  /// The services alone, the first of them at this port.
  case serve(port: UInt16)
  /// The file of a scenario.
  case export(Scenario)
  case list
  case help
}
