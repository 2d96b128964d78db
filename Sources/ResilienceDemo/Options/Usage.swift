/// The texts of `--help` and `--list`.
enum Usage {
  static var help: String {
    let defaults = Options()
    let names = Scenario.all.map(\.name).joined(separator: ", ").wrapped(to: 58)
      .joined(separator: "\n" + String(repeating: " ", count: 20))
    let policies = ClientPolicy.allCases.map(\.name).joined(separator: ", ")
    let seconds = defaults.duration.components.seconds
    return """
      resilience-demo drives clients with the same calls against a service that fails and
      recovers, one bare, others through policies, and shows what becomes of them.

      usage: resilience-demo [options]

        --scenario NAME   what goes wrong: \(names)
                          (default \(defaults.scenario.name)); “all” for one after the other, or a
                          file of JSON
        --policy NAME     one client only: \(policies)
        --compare A,B,…   several of them side by side (default: those of the scenario)
        --duration SECS   length of the run, \(Options.durations.text) (default \(seconds))
        --rate CALLS      calls per second to each client, \(Options.rates.text) (default \(defaults.rate))
        --seed NUMBER     repeats the calls and their times exactly (default \(defaults.seed))
        --simulate        in a simulated world: at full speed, equal for equal seeds
        --json            one JSON object on standard output, and nothing else
        --report FILE     a page about the result: charts, tables, claims; one file, no network
        --dashboard       the same page live in a browser, with buttons that break the service
        --serve           the services alone, for curl and others, until Ctrl-C
        --port NUMBER     where the dashboard or the services are, these at the next two ports as
                          well; 0 for any free ones (default)
        --export          the scenario as a file of JSON, to change and to run
        --list            the scenarios, and what to look at in each
        --help            this text

      In a terminal the run is shown live; NO_COLOR and TERM=dumb are respected.

      exit status: 0 everything the demo claims holds; 1 a claim failed, or the run did;
      64 the command line is wrong; 128 and the number of the signal that ended it, such as
      130 for Ctrl-C; --serve, which a signal ends always, 0.

      """
  }

  static var list: String {
    Scenario.all
      .map { scenario in
        let text = [scenario.summary, scenario.lookAt(isSimulated: false)].flatMap {
          $0.wrapped(to: 76)
        }
        return ([scenario.name] + text.map { "  \($0)" } + [""]).joined(separator: "\n")
      }
      .joined(separator: "\n")
  }
}

extension ClosedRange<Int> {
  fileprivate var text: String { "\(lowerBound)...\(upperBound)" }
}
