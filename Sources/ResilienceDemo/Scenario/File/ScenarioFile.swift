import Foundation

/// A scenario as a file of JSON.
///
/// ```json
/// {
///   "name": "mine",
///   "summary": "One replica of three hangs, and the others are slow.",
///   "lookAt": "How soon it is left out.",
///   "clients": ["none", "standard"],
///   "service": { "replicas": 3 },
///   "phases": [
///     { "name": "healthy", "weight": 25 },
///     { "name": "failing", "weight": 40, "faults": [
///       { "kind": "hang", "replica": 2 },
///       { "kind": "latency", "fromMilliseconds": 20, "toMilliseconds": 50, "share": 0.5 }
///     ] },
///     { "name": "recovered", "weight": 35 }
///   ],
///   "claims": ["stays-closed", "recovers"]
/// }
/// ```
///
/// Weights are lengths as shares of their sum. A fault hits all requests at all replicas unless
/// `share` or `replica` says otherwise. `resilience-demo --export --scenario NAME` writes the file of
/// any scenario, to begin with.
enum ScenarioFile {
  /// The longest file that is read, in bytes.
  static let longest = 64 * 1_024

  static let kinds = ["status", "hang", "refuse", "reset", "latency", "slowdown", "quota"]

  /// Reads a file.
  ///
  /// - Parameter path: Where it is.
  /// - Returns: The scenario.
  /// - Throws: ``ScenarioFileError`` for the first thing that is wrong.
  static func read(_ path: String) throws(ScenarioFileError) -> Scenario {
    let data: Data?
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      data = try file.read(upToCount: longest + 1)
    } catch {
      throw .unreadable(error.localizedDescription)
    }
    return try scenario(data ?? Data())
  }

  /// Reads the contents of a file.
  static func scenario(_ data: Data) throws(ScenarioFileError) -> Scenario {
    try scenario(try tree(data))
  }

  /// Reads one fault, as it stands in a file, of a service of one replica without a capacity.
  static func fault(_ data: Data) throws(ScenarioFileError) -> ScopedFault {
    try fault(try tree(data), at: "fault", of: ServiceTraits())
  }

  private static func tree(_ data: Data) throws(ScenarioFileError) -> JSONTree {
    guard data.count <= longest else { throw .tooLarge(limit: longest) }
    do {
      return try JSONDecoder().decode(JSONTree.self, from: data)
    } catch let error as ScenarioFileError {
      throw error
    } catch DecodingError.dataCorrupted(let context) {
      throw .notJSON((context.underlyingError as NSError?)?.reason ?? context.debugDescription)
    } catch {
      throw .notJSON("\(type(of: error))")
    }
  }

  private static func scenario(_ tree: JSONTree) throws(ScenarioFileError) -> Scenario {
    let names = [
      "name", "summary", "lookAt", "lookAtOnSockets", "clients", "service", "tuning", "phases",
      "claims",
    ]
    let file = try JSONObject(tree, at: "", names: names)
    let service = try service(file)
    var phases: [Scenario.Phase] = []
    for (tree, path) in try file.list("phases", counts: 3...50) {
      phases.append(try phase(tree, at: path, of: service))
    }
    guard phases.first?.isFailing == false, phases.last?.isFailing == false,
      phases.contains(where: \.isFailing)
    else {
      throw .invalid(
        "phases",
        value: phases.map(\.name).joined(separator: ", "),
        allowed: "3...50 phases, of which one at least has faults, but not the first and the last"
      )
    }
    return Scenario(
      name: try file.required(
        "name",
        file.text("name", lengths: 1...20),
        allowed: "a text of 1...20 printable characters"
      ),
      summary: try file.text("summary", lengths: 0...200) ?? "",
      lookAt: try file.text("lookAt", lengths: 0...400) ?? "",
      lookAtOnSockets: try file.text("lookAtOnSockets", lengths: 0...400) ?? "",
      policies: try file.names("clients", of: ClientPolicy.self) ?? [.none, .standard],
      service: service,
      tuning: try tuning(file),
      phases: phases,
      claims: try file.names("claims", of: ClaimName.self) ?? []
    )
  }

  private static func service(_ file: JSONObject) throws(ScenarioFileError) -> ServiceTraits {
    var traits = ServiceTraits()
    guard let tree = file["service"] else { return traits }
    let names = ["replicas", "capacity", "queueSeconds", "cold"]
    let service = try JSONObject(tree, at: "service", names: names)
    traits.replicas = try service.integer("replicas", in: 1...9) ?? traits.replicas
    traits.capacity = try service.number("capacity", in: 0.1...100)
    traits.queueSeconds = try service.number("queueSeconds", in: 0.1...60) ?? traits.queueSeconds
    guard let tree = service["cold"] else { return traits }
    let cold = try JSONObject(tree, at: "service.cold", names: ["slowdown", "warmAfterSeconds"])
    try requireCapacity(traits, for: "service.cold")
    traits.cold = ServiceTraits.Cold(
      slowdown: try cold.number("slowdown", in: 1...100) ?? 1,
      warmAfterSeconds: try cold.number("warmAfterSeconds", in: 0.01...60) ?? 1
    )
    return traits
  }

  private static func tuning(_ file: JSONObject) throws(ScenarioFileError) -> Tuning {
    var tuning = Tuning()
    guard let tree = file["tuning"] else { return tuning }
    let names = ["callTimeoutAtLeastMilliseconds", "failureRate", "probes", "ramp"]
    let object = try JSONObject(tree, at: "tuning", names: names + ["successesPerStep"])
    tuning.callTimeoutAtLeast = try object.integer(
      "callTimeoutAtLeastMilliseconds",
      in: 1...60_000
    ).map { .milliseconds($0) }
    tuning.failureRate = try object.number("failureRate", in: 0.01...1)
    tuning.probes = try object.integer("probes", in: 1...100)
    tuning.successesPerStep = try object.integer("successesPerStep", in: 1...1_000)
    guard object["ramp"] != nil else { return tuning }
    var ramp: [Double] = []
    for (tree, path) in try object.list("ramp", counts: 0...10) {
      guard let share = tree.number, (0.01...1).contains(share) else {
        throw .invalid(path, value: "\(tree)", allowed: "a number in 0.01...1")
      }
      ramp.append(share)
    }
    tuning.ramp = ramp
    return tuning
  }

  private static func phase(
    _ tree: JSONTree,
    at path: String,
    of service: ServiceTraits
  ) throws(ScenarioFileError) -> Scenario.Phase {
    let names = ["name", "weight", "faults", "restarts"]
    let phase = try JSONObject(tree, at: path, names: names)
    var faults: [ScopedFault] = []
    for (tree, path) in try phase.list("faults", counts: 0...10) {
      faults.append(try fault(tree, at: path, of: service))
    }
    let weight = try phase.integer("weight", in: 1...1_000)
    return Scenario.Phase(
      name: try phase.text("name", lengths: 1...9) ?? (faults.isEmpty ? "healthy" : "failing"),
      weight: try phase.required("weight", weight, allowed: "a whole number in 1...1000"),
      faults: faults,
      restarts: try phase.bool("restarts") ?? false
    )
  }

  static func requireCapacity(
    _ traits: ServiceTraits,
    for path: String
  ) throws(ScenarioFileError) {
    guard traits.capacity == nil else { return }
    throw .missing("service.capacity, which \(path) needs,", allowed: "a number in 0.1...100.0")
  }
}

extension NSError {
  /// What the system says is wrong, in a line.
  fileprivate var reason: String? { userInfo[NSDebugDescriptionErrorKey] as? String }
}
