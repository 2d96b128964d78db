/// Something to be measured, under a name, beside what it is compared with.
struct Case: Sendable {
  let name: String

  /// The name of the case that this one is compared with.
  let control: String

  /// The name of the case that does the same without any policy.
  let floor: String

  /// Which of its rounds the case is judged by.
  let statistic: Series.Statistic

  let body: Body

  /// Whether counting its instructions says anything.
  private(set) var isCounted = true

  init(
    _ name: String,
    against control: String,
    over floor: String = "bare",
    by statistic: Series.Statistic = .minimum,
    _ body: @escaping Body
  ) {
    self.name = name
    self.control = control
    self.floor = floor
    self.statistic = statistic
    self.body = body
  }

  /// Creates a case whose calls go through something that is made once.
  ///
  /// Each case spells its loop out, around the concrete type: in a generic loop the compiler leaves
  /// a switch of executors per call that it finds needless where a user names the type.
  init<Subject: Sendable>(
    _ name: String,
    against control: String,
    over floor: String = "bare",
    of subject: Subject,
    _ body: @escaping @Sendable (_ subject: Subject, _ calls: Int) async throws -> Void
  ) {
    self.init(name, against: control, over: floor) { try await body(subject, $0) }
  }

  /// The same case, never counted.
  var onlyTimed: Case {
    var copy = self
    copy.isCounted = false
    return copy
  }

  /// The same case, its control and its floor, called from elsewhere.
  func moved(to place: Place) -> Case {
    Case(
      name + place.suffix,
      against: control + place.suffix,
      over: floor + place.suffix,
      by: place.statistic,
      place.move(body)
    )
  }

  /// Every case, in the order of the table; a new one is an entry of the list it belongs to.
  static let all =
    bareCalls + breakers + bulkheads + adaptiveLimiters + rateLimiters + throttles + keyed
    + endpoints + policies + timeouts + pipelines + scaling + elsewhere + http

  /// Those whose instructions are counted.
  static var counted: [Case] { all.filter(\.isCounted) }

  static func named(_ name: String) -> Case? {
    all.first { $0.name == name }
  }
}
