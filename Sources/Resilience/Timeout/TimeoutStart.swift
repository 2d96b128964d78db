/// How the child task of a timeout begins.
@usableFromInline
enum TimeoutStart: Sendable {
  /// At once, on the caller's thread, up to its first suspension.
  case immediate

  /// When the executor comes to it: what older systems can do.
  case enqueued

  /// The better one of those the running system knows.
  static var best: TimeoutStart {
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      .immediate
    } else {
      .enqueued
    }
  }

  /// Starts the operation on a task of its own, on the given isolation and with the caller's
  /// preferred executor.
  @inlinable
  func task<T>(
    of call: TimeoutCall<T>,
    isolation: isolated (any Actor)?
  ) -> Task<Void, Never> {
    if self == .immediate, #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      return Task.immediate(executorPreference: inheritedExecutor()) {
        _ = isolation
        guard let operation = call.begin() else { return }
        do {
          call.end(with: .success(try await operation()))
        } catch {
          call.end(with: .failure(error))
        }
      }
    }
    return Task(executorPreference: inheritedExecutor()) {
      _ = isolation
      guard let operation = call.begin() else { return }
      do {
        call.end(with: .success(try await operation()))
      } catch {
        call.end(with: .failure(error))
      }
    }
  }
}
