/// A setting that makes no sense, with its value and what is allowed.
///
/// Settings written in code are checked where they enter, and a wrong one is a programming error
/// with this message. Settings that come from outside are checked by throwing it.
public struct InvalidSetting: Error, Hashable, CustomStringConvertible {
  /// The name of the setting.
  public let setting: String

  /// The value it was given.
  public let value: String

  /// What is allowed.
  public let allowed: String

  /// Creates the error.
  ///
  /// - Parameters:
  ///   - setting: The name of the setting.
  ///   - value: The value it was given.
  ///   - allowed: What is allowed, to be read after “must be”.
  public init(_ setting: String, _ value: some CustomStringConvertible, allowed: String) {
    self.setting = setting
    self.value = value.description
    self.allowed = allowed
  }

  /// The setting, its value and the allowed range, on one line.
  public var description: String { "\(setting) is \(value), but must be \(allowed)" }
}

/// Throws unless the setting lies in the range.
package func check<Value: Comparable & CustomStringConvertible>(
  _ setting: String,
  _ value: Value,
  in range: ClosedRange<Value>
) throws(InvalidSetting) {
  guard range.contains(value) else {
    throw InvalidSetting(
      setting,
      value,
      allowed: "in \(range.lowerBound)...\(range.upperBound)"
    )
  }
}

/// Throws unless the setting is at least the bound.
package func check<Value: Comparable & CustomStringConvertible>(
  _ setting: String,
  _ value: Value,
  atLeast bound: Value
) throws(InvalidSetting) {
  guard value >= bound else {
    throw InvalidSetting(setting, value, allowed: "at least \(bound)")
  }
}

/// Stops the program if a setting that was written in code makes no sense.
package func requireValid(_ check: () throws(InvalidSetting) -> Void) {
  do throws(InvalidSetting) {
    try check()
  } catch {
    preconditionFailure(error.description)
  }
}
