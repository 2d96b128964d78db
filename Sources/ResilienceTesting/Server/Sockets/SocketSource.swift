import Dispatch

/// A Dispatch source for one direction of a socket, which begins paused.
///
/// Dispatch traps when a source is released while it is suspended, and when it is resumed once too
/// often; this type keeps the two in balance. The socket may be closed from `onCancel` on, not
/// before.
final class SocketSource {
  enum Direction { case read, write }

  private let source: any DispatchSourceProtocol
  private var isPaused = true
  private var isCancelled = false

  init(
    _ direction: Direction,
    of socket: Socket,
    on queue: DispatchQueue,
    onReady: @escaping @Sendable () -> Void,
    onCancel: @escaping @Sendable () -> Void
  ) {
    source =
      switch direction {
      case .read:
        DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
      case .write:
        DispatchSource.makeWriteSource(fileDescriptor: socket.descriptor, queue: queue)
      }
    source.setEventHandler(handler: onReady)
    source.setCancelHandler(handler: onCancel)
  }

  func resume() {
    guard isPaused, !isCancelled else { return }
    isPaused = false
    source.resume()
  }

  func pause() {
    guard !isPaused, !isCancelled else { return }
    isPaused = true
    source.suspend()
  }

  func cancel() {
    guard !isCancelled else { return }
    source.cancel()
    if isPaused { source.resume() }
    isCancelled = true
  }
}
