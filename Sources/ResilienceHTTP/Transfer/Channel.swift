internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What a transfer is carried out by: a session that lets every task have a delegate of its own.
protocol Channel: Sendable {
  /// Makes the task of a transfer, which hears from it once it is resumed.
  func task(of transfer: some Transferring) throws -> URLSessionDataTask

  /// Cancels what is still under way.
  func cancel(_ task: URLSessionDataTask)

  /// Says that nobody waits for the transfer any more.
  func forget(_ task: URLSessionDataTask)
}

extension Channel {
  /// Carries out a request and the redirects it leads to.
  ///
  /// - Throws: `CancellationError`, promptly, when the task is cancelled; ``ResponseTooLarge``;
  ///   ``ResponseHeadTooLarge``; ``NotHTTP``; what the session throws.
  func answer(to hop: Hop, maxResponseBytes: Int) async throws -> Answer {
    var hop = hop
    while true {
      switch try await carryOut(hop, maxResponseBytes: maxResponseBytes) {
      case .finished(let result): return try result.get()
      case .moved(let next): hop = next
      case .stopped(let error): throw error
      }
    }
  }

  private func carryOut(_ hop: Hop, maxResponseBytes: Int) async throws -> Transfer.Ending {
    let transfer = Transfer(hop, origin: try hop.origin(), limit: maxResponseBytes)
    try Task.checkCancellation()
    let task = try task(of: transfer)
    defer { forget(task) }
    let ending = await withTaskCancellationHandler {
      task.resume()
      return await transfer.wait()
    } onCancel: {
      transfer.stop(CancellationError())
    }
    if case .stopped = ending { cancel(task) }
    return ending
  }
}

extension URLSession {
  /// Carries out a request and the redirects it leads to, until the head of the last response has
  /// come.
  ///
  /// - Throws: As `answer(to:maxResponseBytes:)`.
  func openStream(to hop: Hop, maxResponseBytes: Int) async throws -> OpenStream {
    var hop = hop
    while true {
      let origin = try hop.origin()
      try Task.checkCancellation()
      let lane = streamingChannel
      let transfer = StreamedTransfer(hop, origin: origin, limit: maxResponseBytes) {
        lane.giveBack()
      }
      let task: URLSessionDataTask
      do {
        task = try lane.task(of: transfer)
      } catch {
        lane.giveBack()
        throw error
      }
      transfer.begin(lane.flow(of: task), silence: lane.silenceLimit(of: hop.request))
      let head = await withTaskCancellationHandler {
        task.resume()
        return await transfer.waitForHead()
      } onCancel: {
        transfer.stop(CancellationError())
      }
      let stream = { (response: HTTPURLResponse) in
        OpenStream(response, origin: origin, transfer: transfer) { lane.channel.cancel(task) }
      }
      switch head {
      case .response(let response): return stream(response)
      case .moved(let next):
        hop = next
      case .failed(let error):
        lane.channel.cancel(task)
        throw error
      }
    }
  }
}
