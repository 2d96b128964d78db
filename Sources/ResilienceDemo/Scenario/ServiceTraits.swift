/// What the service of a scenario is like while it is well.
struct ServiceTraits: Equatable, Sendable {
  /// A service that is slow after a restart, until it has worked for a while.
  struct Cold: Equatable, Sendable {
    /// By what its work takes longer at first; it becomes less with each request.
    let slowdown: Double

    /// When it is warm: after as many requests as arrive in this time.
    let warmAfterSeconds: Double
  }

  /// How many servers answer for it.
  var replicas = 1

  /// How many requests each replica can serve, as a multiple of the calls that arrive; `nil` for as
  /// many as come.
  ///
  /// They are served one after the other, also those whose caller has gone.
  var capacity: Double?

  /// How many may wait: what is served in this time.
  var queueSeconds = 2.0

  /// How it starts again after a phase of ``Scenario/Phase/restarts``.
  var cold: Cold?
}
