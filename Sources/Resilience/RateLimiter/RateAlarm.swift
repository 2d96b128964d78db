/// Wakes a ``RateLimiter`` when the turn of the first in its line has come.
///
/// There is one while somebody waits, and none otherwise. Each is used once: another moment is
/// another alarm, so that one that rings too late can be told from the present one.
final class RateAlarm: Alarm {
  private let slot = AlarmSlot()
  var queueIndex: Int? {
    get { slot.index }
    set { slot.index = newValue }
  }
  let moment: Moment
  private let core: RateCore

  init(at moment: Moment, for core: RateCore) {
    self.moment = moment
    self.core = core
  }

  func ring() { core.rang(self) }
}
