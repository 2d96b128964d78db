/// How often policies that remember have been made under one name, to find those made per call.
///
/// Policies made by a ``Keyed`` are not counted: there many of one name make sense.
package enum PolicyCensus {
  private struct Name: Hashable {
    let kind: PolicyStage.Kind
    let name: String
  }

  /// From how many of one name on it looks as if one was made for each call.
  ///
  /// High, since the tests of a program make many too.
  static let suspicious = 1_000

  /// How many names are counted; those that come later are not.
  private static let mostNames = 1_000

  /// Whether what is made now is one of many by intention.
  @TaskLocal package static var isExempt = false

  private static let counts = Guarded<[Name: Int]>([:])

  /// Counts one more.
  static func note(_ kind: PolicyStage.Kind, _ name: String) {
    guard !isExempt else { return }
    let name = Name(kind: kind, name: name)
    counts.withLock { counts in
      guard counts[name] != nil || counts.count < mostNames else { return }
      counts[name, default: 0] += 1
    }
  }

  /// How many have been made.
  static func count(_ kind: PolicyStage.Kind, _ name: String) -> Int {
    counts.withLock { $0[Name(kind: kind, name: name)] ?? 0 }
  }
}
