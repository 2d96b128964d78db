/// What the program is asked to do.
enum Command {
  case help
  case list
  /// Run one case and nothing else, for valgrind.
  case run(Case, iterations: Int)
  case measure([Case], Plan, asJSON: Bool)
  case count([Case], iterations: Int, asJSON: Bool)
  /// Count those cases that have a budget, or the one that is given, and compare.
  case check(Case?, iterations: Int)
  /// Measure registries of so many keyed breakers.
  case keyed([Int], Plan, asJSON: Bool)

  /// Understands the command line, the program's name left out.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: [String]) throws {
    let given = try GivenOptions(arguments)
    let cases = try given.name.map { [try Self.named($0)] }
    let asJSON = given.contains(.json)
    let plan: Plan = given.contains(.quick) ? .quick : .full

    if given.contains(.help) {
      self = .help
    } else if given.contains(.list) {
      self = .list
    } else if given.contains(.keyed) {
      let sizes = given.contains(.quick) ? [100_000] : [100_000, 1_000_000]
      self = .keyed(sizes, plan, asJSON: asJSON)
    } else if given.contains(.counted) {
      if let timed = cases?.first(where: { !$0.isCounted }) { throw UsageError.onlyTimed(timed) }
      self = .count(cases ?? Case.counted, iterations: given.iterations ?? 5_000, asJSON: asJSON)
    } else if given.contains(.check) {
      if let timed = cases?.first(where: { !$0.isCounted }) { throw UsageError.onlyTimed(timed) }
      self = .check(cases?.first, iterations: given.iterations ?? 10_000)
    } else if let iterations = given.iterations {
      guard let benchmark = cases?.first else { throw UsageError.aimlessIterations() }
      guard !asJSON else { throw UsageError.silentRun() }
      self = .run(benchmark, iterations: iterations)
    } else {
      self = .measure(cases ?? Case.all, plan, asJSON: asJSON)
    }
  }

  private static func named(_ name: String) throws -> Case {
    guard let benchmark = Case.named(name) else { throw UsageError.unknownCase(name) }
    return benchmark
  }

  static let manual = """
    What the policies of swift-resilience cost.

        swift run -c release Benchmarks [options]

    Without options every case is timed beside its control, and a table printed.

        --list                        print the names of the cases
        --case NAME                   time, or count, this case only
        --case NAME --iterations N    make N calls and print nothing, for valgrind
        --counted                     instructions and allocations per call, by valgrind,
                                      with --iterations N calls (5000) against twice as many
        --check                       count the cases that have a budget in budgets.json, with
                                      --iterations N (10000), and fail if one costs more
        --keyed                       bytes per entry and time per look-up of 100000 and 1000000
                                      breakers by key (with --quick of 100000 only)
        --json                        print one JSON object instead of a table
        --quick                       fewer and shorter rounds, for continuous integration
        --help                        print this

    Times are in nanoseconds per call: the minimum of the rounds, and their median. The bare
    call and the control are timed in turn with the case, round by round, and compared by their
    minima. A name that ends in @2 or @64 is one policy shared by so many tasks: its time is
    that of all calls by the wall clock over their number, and compared by the median, since in
    the shortest round the tasks happened not to meet. @main and @actor are calls from the main
    actor and from another one. The cases http.… are timed only, never counted.
    """
}
