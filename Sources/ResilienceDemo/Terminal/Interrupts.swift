import Dispatch
import Foundation
internal import Resilience

/// Turns Ctrl-C and a request to terminate into an orderly end; a second one ends the program.
///
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
    sources = [SIGINT, SIGTERM].map { [first] (number: Int32) -> any DispatchSourceSignal in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { first.isFirst(number) ? onInterrupt() : Self.leave(number) }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }

  private static func leave(_ number: Int32) {
    if Terminal.current.isLive { try? Output.standard.write(Frame.end) }
    exit(128 + number)
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
