/// The one line in which those stand who wait for permits, in the order of arrival, as a value.
///
///     permits taken ──▶ │ first │ second │ third │ ◀── newcomers
///        machine            pending, by arrival          outlook: machine after all of them
///
/// Each in the line has a moment that follows from the machine and from those before it. When it has
/// come, the permits are taken, at that moment, and the one is `granted`. One who leaves before costs
/// nothing, and those behind move up: moments only ever come earlier, except under a new limit.
///
/// The holder asks ``alarm`` after each change, and hands out ``takeGranted()`` outside its lock.
///
/// - Complexity: O(1) amortised to join and to be granted; O(log n) to leave, and O(n) for the next
///   one who joins after somebody has left; n being those in the line. A copy of the machine is held
///   while the line is not empty.
struct RateLine<Member: Sendable>: Sendable {
  typealias Place = WaitQueue<Entry>.Place

  struct Entry: Sendable {
    let weight: Int
    /// The latest moment that it agreed to.
    let deadline: Moment
    let member: Member
    /// Whether someone has to be woken when its moment comes.
    var isAwaited: Bool
  }

  enum Joining: Sendable {
    /// The permits were taken on the spot.
    case admitted
    /// It stands in the line, and its turn comes later than now.
    case joined(Place)
    case refused(RateRefusal)
  }

  private var machine: any RateMachine
  private var pending = WaitQueue<Entry>()
  /// The machine after all in the line, and the moment of the last of them; `nil` when not known.
  private var outlook: (machine: any RateMachine, moment: Moment)?
  private var granted: [Member] = []
  private var awaited = 0
  /// The last moment that was told: time does not go back.
  private var latest = Moment.distantPast

  init(_ machine: any RateMachine) {
    self.machine = machine
  }

  /// The number of those in the line.
  var count: Int { pending.count }

  /// When to tell the line the time, so that nobody is granted late; `nil` when nobody waits.
  var alarm: Moment? { awaited > 0 ? firstMoment : nil }

  /// Takes the weight if nobody is in the line and it can be had now.
  mutating func admit(_ weight: Int, at now: Moment) -> Bool {
    guard pending.isEmpty else { return false }
    latest = max(latest, now)
    return machine.takeIfDue(weight, at: latest)
  }

  /// Takes the weight if it can be had now and nobody is before it, or joins the line for it.
  ///
  /// - Parameters:
  ///   - weight: How many permits. At least 1.
  ///   - member: Who it is; `nil` for one who does not want to stand in the line.
  ///   - isAwaited: Whether someone has to be woken when the moment comes.
  ///   - now: The present moment.
  ///   - deadline: The latest moment to agree to.
  ///   - limit: How many may stand in the line.
  /// - Returns: Whether it has the weight, stands in the line, or does not.
  mutating func join(
    _ weight: Int,
    _ member: Member?,
    isAwaited: Bool,
    at now: Moment,
    until deadline: Moment,
    limit: Int
  ) -> Joining {
    settle(at: now)
    guard weight <= machine.capacity else { return .refused(tooHeavy(weight)) }
    if admit(weight, at: now) { return .admitted }
    var (machine, moment) = currentOutlook()
    moment = machine.earliest(weight, at: moment)
    let isInTime = moment <= deadline && moment < .distantFuture
    guard let member, isInTime, pending.count < limit else {
      let reason: RateLimited.Reason = member != nil && isInTime ? .lineFull : .noPermit
      return .refused(RateRefusal(reason: reason, retryAfter: latest.duration(to: moment)))
    }
    outlook = nil
    machine.take(weight, at: moment)
    outlook = (machine, moment)
    if isAwaited { awaited += 1 }
    return .joined(
      pending.append(
        Entry(weight: weight, deadline: deadline, member: member, isAwaited: isAwaited)
      )
    )
  }

  /// Leaves the line; its permits were never taken, and those behind move up.
  ///
  /// - Returns: Who has left; `nil` when it had been granted or had left before.
  mutating func leave(_ place: Place, at now: Moment) -> Member? {
    settle(at: now)
    guard let entry = pending[place] else { return nil }
    remove(place, entry)
    settle(at: now)
    return entry.member
  }

  /// Says that someone has to be woken from now on when the moment of this place comes.
  mutating func await(_ place: Place, at now: Moment) {
    settle(at: now)
    guard let entry = pending[place], !entry.isAwaited else { return }
    pending[place]?.isAwaited = true
    awaited += 1
  }

  /// When the turn of this place comes; `nil` when it is not in the line any more.
  ///
  /// - Complexity: O(n), n being those before it.
  mutating func moment(of place: Place, at now: Moment) -> Moment? {
    settle(at: now)
    guard pending[place] != nil else { return nil }
    var (machine, moment) = (machine, latest)
    for (other, entry) in pending.inOrder {
      moment = machine.earliest(entry.weight, at: moment)
      if other == place { break }
      machine.take(entry.weight, at: moment)
    }
    return moment
  }

  /// How many permits a newcomer could have now.
  mutating func available(at now: Moment) -> Int {
    settle(at: now)
    return pending.isEmpty ? machine.available(at: latest) : 0
  }

  /// Whether it is as it was at first.
  mutating func isFresh(at now: Moment) -> Bool {
    settle(at: now)
    return pending.isEmpty && machine.isFresh(at: latest)
  }

  /// Lets another limit follow; the line keeps its order.
  ///
  /// - Returns: Those who would have had to wait for longer than they agreed to, and are not in the
  ///   line any more.
  mutating func apply(
    _ limit: RateLimit,
    at now: Moment
  ) -> [(member: Member, refusal: RateRefusal)] {
    settle(at: now)
    machine = limit.machine(after: machine, at: latest)
    outlook = nil
    var refused: [(member: Member, refusal: RateRefusal)] = []
    var (ahead, moment) = (machine, latest)
    for (place, entry) in Array(pending.inOrder) {
      guard entry.weight <= machine.capacity else {
        remove(place, entry)
        refused.append((entry.member, tooHeavy(entry.weight)))
        continue
      }
      let turn = ahead.earliest(entry.weight, at: moment)
      guard turn <= entry.deadline, turn < .distantFuture else {
        remove(place, entry)
        let wait = latest.duration(to: turn)
        refused.append((entry.member, RateRefusal(reason: .noPermit, retryAfter: wait)))
        continue
      }
      ahead.take(entry.weight, at: turn)
      moment = turn
    }
    settle(at: now)
    return refused
  }

  /// Grants to all whose moment has come.
  mutating func settle(at now: Moment) {
    while let entry = pending.first, let moment = firstMoment, moment <= now {
      machine.take(entry.weight, at: moment)
      latest = moment
      _ = pending.popFirst()
      if entry.isAwaited { awaited -= 1 }
      granted.append(entry.member)
    }
    if pending.isEmpty { outlook = nil }
    latest = max(latest, now)
  }

  /// Those who were granted since the last time, in order: to be told outside the lock.
  mutating func takeGranted() -> [Member] {
    guard !granted.isEmpty else { return [] }
    defer { granted = [] }
    return granted
  }

  /// When the first in the line can have its permits; later than `latest`, or `settle` is due.
  private var firstMoment: Moment? {
    pending.first.map { machine.earliest($0.weight, at: latest) }
  }

  private mutating func remove(_ place: Place, _ entry: Entry) {
    pending.remove(place)
    outlook = nil
    if entry.isAwaited { awaited -= 1 }
  }

  private func currentOutlook() -> (any RateMachine, Moment) {
    if let outlook { return outlook }
    var (machine, moment) = (machine, latest)
    for (_, entry) in pending.inOrder {
      moment = machine.earliest(entry.weight, at: moment)
      machine.take(entry.weight, at: moment)
    }
    return (machine, moment)
  }

  private func tooHeavy(_ weight: Int) -> RateRefusal {
    RateRefusal(
      reason: .tooHeavy(weight: weight, limit: machine.capacity),
      retryAfter: nil
    )
  }
}
