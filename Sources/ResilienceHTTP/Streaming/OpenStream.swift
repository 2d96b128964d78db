#if canImport(FoundationNetworking)
  internal import Foundation
  package import FoundationNetworking
#else
  package import Foundation
#endif

/// A response whose head has come and whose body is under way.
///
/// Whoever lets go of it ends the transfer: a policy that drops the value of an attempt, such as a
/// timeout at its limit, leaves nothing behind.
package final class OpenStream: Sendable {
  package let response: HTTPURLResponse
  let origin: Origin
  private let transfer: StreamedTransfer
  private let cancel: @Sendable () -> Void

  init(
    _ response: HTTPURLResponse,
    origin: Origin,
    transfer: StreamedTransfer,
    cancel: @escaping @Sendable () -> Void
  ) {
    self.response = response
    self.origin = origin
    self.transfer = transfer
    self.cancel = cancel
  }

  deinit {
    close()
  }

  package var body: HTTPResponseBody { HTTPResponseBody(transfer: transfer) }

  /// The head and the beginning of the body, or as much of it as comes, for an error to tell.
  ///
  /// - Throws: `CancellationError` if the task is cancelled.
  func excerpt() async throws -> Answer {
    let beginning = await body.beginning(upTo: Answer.excerptBytes)
    try Task.checkCancellation()
    return Answer(body: beginning, response: response, origin: origin)
  }

  /// Ends the transfer, unless it has ended.
  package func close() {
    transfer.stop(CancellationError())
    cancel()
  }
}
