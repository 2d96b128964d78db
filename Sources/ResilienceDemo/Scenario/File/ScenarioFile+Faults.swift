extension ScenarioFile {
  /// Reads a fault: its kind, what that kind needs, and which requests it hits.
  static func fault(
    _ tree: JSONTree,
    at path: String,
    of service: ServiceTraits
  ) throws(ScenarioFileError) -> ScopedFault {
    guard case .object(let members) = tree else {
      throw .invalid(path, value: "\(tree)", allowed: "an object")
    }
    let kinds = kinds.joined(separator: ", ")
    guard let kind = members["kind"] else { throw .missing("\(path).kind", allowed: kinds) }
    guard case .text(let name) = kind, let names = fields(of: name) else {
      throw .invalid("\(path).kind", value: "\(kind)", allowed: kinds)
    }
    let object = try JSONObject(tree, at: path, names: ["kind", "replica"] + names)
    if name == "slowdown" { try requireCapacity(service, for: path) }
    return ScopedFault(
      fault: try fault(name, object),
      share: try object.number("share", in: 0.01...1) ?? 1,
      replica: try object.integer("replica", in: 1...service.replicas)
    )
  }

  /// The members that a kind of fault has beside those that all have; `nil` if there is no such kind.
  private static func fields(of kind: String) -> [String]? {
    switch kind {
    case "status": ["share", "status", "retryAfterSeconds"]
    case "hang", "reset": ["share"]
    // A port is open or it is not, for everybody.
    case "refuse": []
    case "latency": ["share", "fromMilliseconds", "toMilliseconds"]
    case "slowdown": ["factor"]
    case "quota": ["ofCalls", "retryAfterSeconds"]
    default: nil
    }
  }

  private static func fault(
    _ kind: String,
    _ object: JSONObject
  ) throws(ScenarioFileError) -> Fault {
    switch kind {
    case "status":
      let status = try object.integer("status", in: 400...599)
      return .status(
        try object.required("status", status, allowed: "a whole number in 400...599"),
        retryAfterSeconds: try object.integer("retryAfterSeconds", in: 0...3_600)
      )
    case "hang": return .hang
    case "refuse": return .refuse
    case "reset": return .reset
    case "latency":
      let from = try object.integer("fromMilliseconds", in: 0...60_000)
      let least = try object.required(
        "fromMilliseconds",
        from,
        allowed: "a whole number in 0...60000"
      )
      let most = try object.integer("toMilliseconds", in: least...60_000) ?? least
      return .latency(.milliseconds(least)...(.milliseconds(most)))
    case "slowdown":
      let factor = try object.number("factor", in: 1...1_000)
      return .slowdown(
        try object.required("factor", factor, allowed: "a number in 1.0...1000.0")
      )
    default:
      let quota = try object.number("ofCalls", in: 0.01...10)
      return .quota(
        try object.required("ofCalls", quota, allowed: "a number in 0.01...10.0"),
        retryAfterSeconds: try object.integer("retryAfterSeconds", in: 1...3_600) ?? 1
      )
    }
  }
}
