internal import Foundation
internal import Resilience
internal import ResilienceHTTP

/// The messages that answer a call, read while they arrive.
///
/// ```swift
/// for try await user in users { show(user) }
/// ```
///
/// While nobody reads, the server is held back. All iterators of one stream read the same messages,
/// each message once; one task at a time may wait for the next. The stream is of use within the
/// closure that it was given to.
public struct RPCStream<Message: RPCMessage>: AsyncSequence, Sendable {
  /// A message.
  public typealias Element = Message

  let source: RPCStreamSource<Message>

  /// The metadata before the messages, with the header fields of HTTP.
  public var headers: RPCMetadata { source.headers }

  /// The metadata after the messages; `nil` until the last has been read.
  public var trailers: RPCMetadata? { source.trailers }

  /// Reads the messages from where they have been read to.
  public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

  /// Reads the messages one by one.
  public struct Iterator: AsyncIteratorProtocol {
    let source: RPCStreamSource<Message>

    /// The next message, or `nil` after the last if the call succeeded.
    ///
    /// - Returns: A message.
    /// - Throws: ``RPCStatus`` if the call failed; `CancellationError` if the task is cancelled.
    public mutating func next() async throws -> Message? { try await source.next() }

    /// As ``next()``, on the isolation of the caller.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Message? {
      try await source.next()
    }
  }
}

/// A stream under way: bytes of HTTP in, messages out.
final class RPCStreamSource<Message: RPCMessage>: Sendable {
  private struct State {
    var reader: FrameReader
    /// The first event, which was looked at before anyone read.
    var first: WireEvent?
    /// Whether nothing more is to be had: the end has come, or something went wrong.
    var isOver = false
    var trailers: RPCMetadata?
  }

  /// How long a response may stay open after its end.
  private static var longestEnd: Duration { .seconds(1) }

  let headers: RPCMetadata
  private let attempt: RPCAttempt<Message>
  private let transfer: OpenStream
  private let state: Guarded<State>

  /// Waits until it is known whether the call has messages or fails at once.
  ///
  /// - Throws: ``RPCStatus``, if it fails before its first message.
  init(_ transfer: OpenStream, of attempt: RPCAttempt<Message>) async throws {
    let head = WireHead(transfer.response)
    headers = attempt.wire.headers(of: head)
    self.attempt = attempt
    self.transfer = transfer
    let bounds = attempt.limits.frameBounds(endFlag: attempt.wire.endFlag)
    state = Guarded(State(reader: FrameReader(bounds)))
    let end = try attempt.wire.begin(head, format: attempt.format)
    let first: WireEvent = if let end { .end(end) } else { try await nextEvent() }
    if case .end(let end) = first, let failure = end.failure {
      throw attempt.status(failure, headers, end.trailers)
    }
    state.withLock { $0.first = first }
  }

  var trailers: RPCMetadata? { state.withLock { $0.trailers } }

  func next() async throws -> Message? {
    let (isOver, first) = state.withLock { ($0.isOver, $0.first.take()) }
    if isOver { return nil }
    do {
      return try await attempt.explainingErrors {
        let event: WireEvent = if let first { first } else { try await nextEvent() }
        switch event {
        case .message(let bytes):
          return try attempt.decode(bytes)
        case .end(let end):
          state.withLock { ($0.isOver, $0.trailers) = (true, end.trailers) }
          if let failure = end.failure { throw attempt.status(failure, headers, end.trailers) }
          return nil
        }
      }
    } catch let status as RPCStatus where status.isOfSecondReader {
      // The one who was first reads on.
      throw status
    } catch {
      state.withLock { $0.isOver = true }
      throw error
    }
  }

  func close() { transfer.close() }

  private func nextEvent() async throws -> WireEvent {
    var pieces = transfer.body.makeAsyncIterator()
    while true {
      if let frame = try state.withLock({ state throws(RPCFault) in try state.reader.next() }) {
        let event = try attempt.wire.event(of: frame)
        if case .end = event { try await checkNothingFollows(frame) }
        return event
      }
      guard let piece = try await pieces.next() else { throw RPCFault.truncatedResponse }
      state.withLock { $0.reader.append(piece) }
    }
  }

  /// The end is the end; to read it leaves the connection for the next call.
  ///
  /// What the call came to is known by now, so that a peer that leaves the response open, or breaks it
  /// off, costs a moment and the connection, but not the outcome.
  private func checkNothingFollows(_ frame: Frame) async throws {
    let end = Timeout(
      Self.longestEnd,
      name: "the end of \(attempt.method)",
      timeline: attempt.limit.timeline
    )
    var isFollowed = state.withLock { !$0.reader.isAtBoundary }
    if !isFollowed {
      do {
        isFollowed = try await end.run {
          var pieces = transfer.body.makeAsyncIterator()
          return try await pieces.next() != nil
        }
      } catch {
        transfer.close()
        try Task.checkCancellation()
      }
    }
    if isFollowed { throw RPCFault.invalidFrame(flags: frame.flags) }
  }
}

extension RPCStatus {
  /// Whether it says no more than that another task waits for the next message.
  fileprivate var isOfSecondReader: Bool {
    guard case .transport(let error) = origin else { return false }
    return error is BodyIsBeingRead
  }
}
