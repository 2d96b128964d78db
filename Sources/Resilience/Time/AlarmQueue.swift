/// Scheduled alarms, earliest first; those of one moment in the order in which they were scheduled.
///
/// A binary heap in which each alarm knows its place. The owner guards it with a lock and rings
/// what it hands out after the lock is released.
///
/// - Complexity: O(log n) to schedule, cancel and take one, n being the alarms scheduled.
package struct AlarmQueue: Sendable {
  private struct Entry {
    let moment: Moment
    let sequence: UInt64
    let alarm: any Alarm

    func precedes(_ other: Entry) -> Bool {
      moment != other.moment ? moment < other.moment : sequence < other.sequence
    }
  }

  private var heap: [Entry] = []
  private var sequence: UInt64 = 0

  package init() {}

  /// The number of alarms scheduled.
  package var count: Int { heap.count }

  /// The moment of the next alarm, or `nil` when none is scheduled.
  package var earliest: Moment? { heap.first?.moment }

  package mutating func schedule(_ alarm: any Alarm, at moment: Moment) {
    precondition(alarm.queueIndex == nil, "an alarm is scheduled once at a time")
    sequence &+= 1
    heap.append(Entry(moment: moment, sequence: sequence, alarm: alarm))
    alarm.queueIndex = heap.count - 1
    siftUp(from: heap.count - 1)
  }

  package mutating func cancel(_ alarm: any Alarm) {
    guard let index = alarm.queueIndex else { return }
    remove(at: index)
  }

  /// Takes the next alarm out if its moment is not after `now`.
  package mutating func takeDue(at now: Moment) -> (any Alarm)? {
    guard let first = heap.first, first.moment <= now else { return nil }
    remove(at: 0)
    return first.alarm
  }

  private mutating func remove(at index: Int) {
    heap[index].alarm.queueIndex = nil
    let last = heap.removeLast()
    guard index < heap.count else { return }
    place(last, at: index)
    siftDown(from: index)
    siftUp(from: index)
  }

  private mutating func siftUp(from start: Int) {
    var index = start
    let entry = heap[index]
    while index > 0, entry.precedes(heap[(index - 1) / 2]) {
      place(heap[(index - 1) / 2], at: index)
      index = (index - 1) / 2
    }
    if index != start { place(entry, at: index) }
  }

  private mutating func siftDown(from start: Int) {
    var index = start
    let entry = heap[index]
    while let child = earlierChild(of: index), heap[child].precedes(entry) {
      place(heap[child], at: index)
      index = child
    }
    if index != start { place(entry, at: index) }
  }

  private func earlierChild(of index: Int) -> Int? {
    let left = 2 * index + 1
    guard left < heap.count else { return nil }
    let right = left + 1
    return right < heap.count && heap[right].precedes(heap[left]) ? right : left
  }

  private mutating func place(_ entry: Entry, at index: Int) {
    heap[index] = entry
    entry.alarm.queueIndex = index
  }
}
