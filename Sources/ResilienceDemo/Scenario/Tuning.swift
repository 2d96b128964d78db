/// What a scenario sets differently from the usual limits; `nil` for as usual.
struct Tuning: Equatable, Sendable {
  /// The shortest that a call of the standard client may take.
  var callTimeoutAtLeast: Duration?

  /// Share of failures that opens the circuit.
  var failureRate: Double?

  /// Probes that run at once while half-open.
  var probes: Int?

  /// Shares of the calls that are admitted between the probes and closing.
  var ramp: [Double]?

  /// How many successes each step of the ramp takes, the probes included.
  var successesPerStep: Int?
}
