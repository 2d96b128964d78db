internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// What a transfer is carried out by: a session that lets every task have a delegate of its own.
protocol Channel {
  /// Makes the task of a transfer, which hears from it once it is resumed.
  func task(for request: URLRequest, of transfer: Transfer) -> URLSessionDataTask

  /// Cancels what is still under way.
  func cancel(_ task: URLSessionDataTask)

  /// Says that nobody waits for the transfer any more.
  func forget(_ task: URLSessionDataTask)
}

extension Channel {
  /// Carries out a request.
  ///
  /// - Throws: `CancellationError`, promptly, when the task is cancelled; ``ResponseTooLarge``;
  ///   ``NotHTTP``; what the session throws.
  func answer(to request: URLRequest, maxResponseBytes: Int) async throws -> Answer {
    let origin = try request.checkedOrigin()
    try Task.checkCancellation()
    let transfer = Transfer(origin: origin, limit: maxResponseBytes)
    let task = task(for: request, of: transfer)
    defer { forget(task) }
    let ending = await withTaskCancellationHandler {
      task.resume()
      return await transfer.wait()
    } onCancel: {
      transfer.stop(CancellationError())
    }
    switch ending {
    case .finished(let result):
      return try result.get()
    case .stopped(let error):
      cancel(task)
      throw error
    }
  }
}

extension URLRequest {
  /// Where the request goes, if HTTP can go there.
  fileprivate func checkedOrigin() throws(URLError) -> Origin {
    guard let url else { throw URLError(.badURL) }
    guard let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
      throw URLError(.unsupportedURL, userInfo: [NSURLErrorFailingURLErrorKey: url])
    }
    guard let host = url.host, !host.isEmpty else {
      throw URLError(.badURL, userInfo: [NSURLErrorFailingURLErrorKey: url])
    }
    return Origin(url: url, method: httpMethod ?? "GET")
  }
}
