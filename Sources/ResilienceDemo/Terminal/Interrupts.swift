import Dispatch
import Foundation
internal import Resilience

/// Turns Ctrl-C and a request to terminate into an orderly end; a second one ends the program.
///
/// Ctrl-Z leaves the alternate screen before the program stands still, and comes back to it after.
/// It listens as long as it is kept.
final class Interrupts {
  private let first = FirstSignal()
  private let sources: [any DispatchSourceSignal]

  /// The exit status of the interruption: 128 and the number of the signal; `nil` if there was none.
  var status: Int32? { first.number.map { 128 + $0 } }

  /// Listens from now on.
  ///
  /// - Parameter onInterrupt: Called at the first signal, on a thread of its own.
  init(_ onInterrupt: @escaping @Sendable () -> Void) {
    let ends = [SIGINT, SIGTERM, SIGHUP].map { [first] number in
      Self.source(number) { first.isFirst(number) ? onInterrupt() : Self.leave(number) }
    }
    sources = ends + [Self.source(SIGTSTP) { Self.suspend() }]
  }

  deinit {
    for source in sources { source.cancel() }
  }

  private static func source(
    _ number: Int32,
    _ body: @escaping @Sendable () -> Void
  ) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: body)
    source.resume()
    return source
  }

  private static func leave(_ number: Int32) {
    LiveOutput.standard.end()
    exit(128 + number)
  }

  /// Stops the process as the terminal's driver would have done, and goes on when it is continued.
  private static func suspend() {
    let wasUp = LiveOutput.standard.end()
    kill(getpid(), SIGSTOP)
    if wasUp { try? LiveOutput.standard.begin() }
  }
}

/// The signal that came first.
private final class FirstSignal: Sendable {
  private let noted = Guarded<Int32?>(nil)

  var number: Int32? { noted.withLock { $0 } }

  func isFirst(_ number: Int32) -> Bool {
    noted.withLock { noted in
      guard noted == nil else { return false }
      noted = number
      return true
    }
  }
}
