private import Synchronization

/// The events of policies as an asynchronous sequence that holds a bounded number of them.
///
/// ```swift
/// let events = EventStream(capacity: 1_000)
/// let breaker = CircuitBreaker("payments", observer: events)
/// for await event in events { log(event) }
/// ```
///
/// When events come faster than they are taken, or nobody takes them, the oldest are dropped and
/// ``dropped`` says how many. One task may iterate at a time.
public final class EventStream: Observer, AsyncSequence {
  /// An event.
  public typealias Element = Event

  private let stream: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation
  private let droppedCount = Atomic<Int>(0)

  /// Creates a stream.
  ///
  /// - Parameter capacity: How many events it holds at most. At least 1.
  public init(capacity: Int) {
    precondition(capacity >= 1, "need capacity (\(capacity)) >= 1")
    (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(capacity))
  }

  /// How many events were dropped because nobody took them in time.
  public var dropped: Int { droppedCount.load(ordering: .relaxed) }

  /// Appends an event, at the expense of the oldest when there is no room.
  public func observe(_ event: Event) {
    if case .dropped = continuation.yield(event) { droppedCount.add(1, ordering: .relaxed) }
  }

  /// Ends the sequence after the events it holds.
  public func finish() { continuation.finish() }

  /// An iterator over the events as they come.
  public func makeAsyncIterator() -> AsyncStream<Event>.Iterator { stream.makeAsyncIterator() }
}
