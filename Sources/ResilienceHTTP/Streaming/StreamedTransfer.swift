internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// A request whose response is read while it arrives.
///
///     head outstanding ──head──▶ body under way ──▶ ended
///             └───────error, stop, redirect───────────┘
///
/// The head goes to the one who waits for it; the body is a queue that holds the session back when
/// nobody reads.
final class StreamedTransfer: Transferring {
  /// What waiting for the head comes to.
  enum Head: Sendable {
    case response(HTTPURLResponse)
    case moved(Hop)
    case failed(any Error)
  }

  /// What nobody has read is bounded by this many bytes, and one piece more.
  static let capacity = 256 * 1_024

  private typealias Reader = CheckedContinuation<Data?, any Error>

  /// What a piece of the body leads to.
  private enum Step {
    case goOn
    case stop(Reader?, (any Error)?)
    case deliver(Data, Reader)
  }

  private struct State {
    var queue: BodyQueue
    var flow: BodyFlow?
    var next: Hop?
    var reader: Reader?
    var isStopped = false
    var hasHead = false
    var hasConnected = false

    /// What a reader gets at once, or `nil` if it has to wait.
    mutating func read() -> Result<Data?, any Error>? {
      switch queue.take() {
      case .piece(let piece, let releases):
        if releases { flow?.release() }
        return .success(piece)
      case .end: return .success(nil)
      case .failed(let error): return .failure(error)
      case .nothing: return nil
      }
    }

    mutating func take(_ data: Data) -> Step {
      hasConnected = true
      guard !isStopped else { return .stop(nil, nil) }
      // A redirect's own body is nobody's.
      guard next == nil else { return .goOn }
      do {
        let holds = try queue.put(data)
        guard let waiting = reader else {
          if holds { flow?.hold() }
          return .goOn
        }
        // A reader waits at an empty queue only: it takes what was put in, and nothing is left.
        guard case .piece(let piece, _) = queue.take() else { return .goOn }
        reader = nil
        return .deliver(piece, waiting)
      } catch {
        isStopped = true
        return .stop(reader.take(), error)
      }
    }
  }

  let hop: Hop
  private let bound: ResponseBound
  private let head = Parked<Head>()
  private let onCompletion: @Sendable () -> Void
  private let state: Guarded<State>
  private let watch = Parked<SilenceWatch>()

  /// - Parameters:
  ///   - hop: The request.
  ///   - origin: Where it goes.
  ///   - limit: The longest body.
  ///   - onCompletion: Called when the session has said its last word.
  init(
    _ hop: Hop,
    origin: Origin,
    limit: Int,
    onCompletion: @escaping @Sendable () -> Void = {}
  ) {
    self.hop = hop
    self.onCompletion = onCompletion
    bound = ResponseBound(origin: origin, limit: limit)
    state = Guarded(State(queue: BodyQueue(bound: bound, capacity: Self.capacity)))
  }

  /// Says what the session can be held back by, before it begins.
  ///
  /// - Parameters:
  ///   - flow: What holds it back.
  ///   - silence: The longest time without a word of the peer; `nil` if the session sees to it.
  func begin(_ flow: BodyFlow?, silence: Duration?) {
    if let silence {
      watch.resume(
        with: SilenceWatch(silence) { [weak self] in self?.stop(URLError(.timedOut)) }
      )
    }
    state.withLock { $0.flow = flow }
  }

  /// Waits for the head; only one task may, once.
  func waitForHead() async -> Head {
    let watch = watch.value
    watch?.begin()
    defer { watch?.end() }
    return await head.wait()
  }

  /// Bytes that have arrived and nobody has read.
  var buffered: Int { state.withLock { $0.queue.buffered } }

  /// Whether a reader waits for the next piece.
  var isAwaited: Bool { state.withLock { $0.reader != nil } }

  // MARK: The reader

  /// The next piece, or `nil` after the last.
  ///
  /// - Throws: What ended the body; `CancellationError` if the task is cancelled.
  func next() async throws -> Data? {
    try Task.checkCancellation()
    if let result = state.withLock({ $0.read() }) { return try result.get() }
    let watch = watch.value
    watch?.begin()
    defer { watch?.end() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { read($0) }
    } onCancel: {
      stop(CancellationError())
    }
  }

  private func read(_ reader: Reader) {
    let result: Result<Data?, any Error>? = state.withLock { state in
      if let result = state.read() { return result }
      guard state.reader == nil else { return .failure(BodyIsBeingRead()) }
      state.reader = reader
      return nil
    }
    if let result { reader.resume(with: result) }
  }

  // MARK: The session

  func receive(_ response: URLResponse) -> Bool {
    let (isFirst, isStopped, next) = state.withLock { state in
      defer {
        state.hasHead = true
        state.hasConnected = true
      }
      return (!state.hasHead, state.isStopped, state.next)
    }
    guard !isStopped else { return false }
    if let next {
      head.resume(with: .moved(next))
      return true
    }
    // A second head, after a challenge, cannot be told from the body of the first one.
    guard isFirst else { return fail(URLError(.badServerResponse)) }
    guard let answer = response as? HTTPURLResponse else {
      return fail(NotHTTP(url: bound.origin.url))
    }
    do {
      try bound.check(response)
    } catch {
      return fail(error)
    }
    head.resume(with: .response(answer))
    return true
  }

  func receive(_ data: Data) -> Bool {
    watch.value?.noteProgress()
    let step = state.withLock { $0.take(data) }
    switch step {
    case .goOn:
      return true
    case .stop(let reader, let error):
      if let error { reader?.resume(throwing: error) }
      return false
    case .deliver(let piece, let reader):
      reader.resume(returning: piece)
      return true
    }
  }

  func noteSent() {
    watch.value?.noteProgress()
    state.withLock { $0.hasConnected = true }
  }

  func move(to next: Hop) {
    state.withLock { $0.next = next }
  }

  func complete(_ error: (any Error)?) {
    let (hasHead, hasConnected, next) = state.withLock { state in
      (state.hasHead, state.hasConnected, state.next)
    }
    if let error {
      finish(.failure(sessionError(error, hasConnected: hasConnected)))
    } else if let next {
      head.resume(with: .moved(next))
    } else {
      finish(hasHead ? .success(()) : .failure(URLError(.badServerResponse)))
    }
    onCompletion()
  }

  func unlessStopped(_ body: () -> Void) {
    state.withLock { if !$0.isStopped { body() } }
  }

  // MARK: Endings

  func stop(_ error: any Error) {
    let reader = state.withLock { state in
      state.isStopped = true
      if state.queue.abandon(error) { state.flow?.release() }
      return state.reader.take()
    }
    reader?.resume(throwing: error)
    head.resume(with: .failed(error))
  }

  private func fail(_ error: any Error) -> Bool {
    stop(error)
    return false
  }

  private func finish(_ result: Result<Void, any Error>) {
    let reader = state.withLock { state in
      state.queue.end(result)
      return state.reader.take()
    }
    reader?.resume(with: result.map { nil })
    if case .failure(let error) = result { head.resume(with: .failed(error)) }
  }
}
