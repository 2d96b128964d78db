/// The members of an object of a scenario file, and where it stands.
struct JSONObject {
  private let members: [String: JSONTree]
  private let path: String

  /// Takes an object.
  ///
  /// - Parameters:
  ///   - tree: What should be one.
  ///   - path: Where it stands, such as `phases[1]`; empty for the file.
  ///   - names: The members that it may have.
  /// - Throws: ``ScenarioFileError`` if it is none, or has another member.
  init(_ tree: JSONTree, at path: String, names: [String]) throws(ScenarioFileError) {
    guard case .object(let members) = tree else {
      throw .invalid(path, value: "\(tree)", allowed: "an object")
    }
    self.members = members
    self.path = path
    if let stranger = members.keys.sorted().first(where: { !names.contains($0) }) {
      throw .unknownField(self.path(of: stranger), allowed: names.joined(separator: ", "))
    }
  }

  /// Where a member stands.
  func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// A member; `nil` if it is absent or null.
  subscript(name: String) -> JSONTree? {
    members[name].flatMap { $0 == .null ? nil : $0 }
  }

  /// The error that a member has this value.
  func invalid(_ name: String, allowed: String) -> ScenarioFileError {
    .invalid(path(of: name), value: self[name].map(\.description) ?? "", allowed: allowed)
  }

  func text(_ name: String, lengths: ClosedRange<Int>) throws(ScenarioFileError) -> String? {
    guard let tree = self[name] else { return nil }
    let allowed = "a text of \(lengths.lowerBound)...\(lengths.upperBound) printable characters"
    guard case .text(let text) = tree, lengths.contains(text.count),
      text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw invalid(name, allowed: allowed) }
    return text
  }

  func bool(_ name: String) throws(ScenarioFileError) -> Bool? {
    guard let tree = self[name] else { return nil }
    guard case .bool(let value) = tree else { throw invalid(name, allowed: "true, false") }
    return value
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(ScenarioFileError) -> Int? {
    guard let tree = self[name] else { return nil }
    guard case .integer(let value) = tree, range.contains(value) else {
      throw invalid(name, allowed: "a whole number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws(ScenarioFileError) -> Double? {
    guard let tree = self[name] else { return nil }
    guard let value = tree.number, range.contains(value) else {
      throw invalid(name, allowed: "a number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  /// The elements of a list and where each stands; empty if it is absent.
  func list(
    _ name: String,
    counts: ClosedRange<Int>
  ) throws(ScenarioFileError) -> [(tree: JSONTree, path: String)] {
    guard let tree = self[name] else { return [] }
    guard case .list(let elements) = tree, counts.contains(elements.count) else {
      throw invalid(name, allowed: "a list of \(counts.lowerBound)...\(counts.upperBound) values")
    }
    return elements.enumerated().map { ($1, "\(path(of: name))[\($0)]") }
  }

  /// Different names out of those that there are; `nil` if the list is absent.
  func names<Name: RawRepresentable<String> & CaseIterable & Hashable>(
    _ name: String,
    of type: Name.Type
  ) throws(ScenarioFileError) -> [Name]? {
    guard self[name] != nil else { return nil }
    let allowed = "different ones of " + Name.allCases.map(\.rawValue).joined(separator: ", ")
    var names: [Name] = []
    for (tree, path) in try list(name, counts: 1...Name.allCases.count) {
      guard case .text(let text) = tree, let name = Name(rawValue: text), !names.contains(name)
      else { throw .invalid(path, value: "\(tree)", allowed: allowed) }
      names.append(name)
    }
    return names
  }

  /// A value that must be there.
  func required<Value>(
    _ name: String,
    _ value: Value?,
    allowed: String
  ) throws(ScenarioFileError) -> Value {
    guard let value else { throw .missing(path(of: name), allowed: allowed) }
    return value
  }
}

extension JSONTree {
  /// The number that it is, if it is one.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .bool, .text, .list, .object: nil
    }
  }
}
