#if !canImport(FoundationNetworking)
  internal import Foundation

  /// The user's session itself: on Apple systems each of its tasks may have a delegate of its own.
  struct OwnDelegateChannel: Channel {
    let session: URLSession

    func task(for request: URLRequest, of transfer: Transfer) -> URLSessionDataTask {
      let task = session.dataTask(with: request)
      task.delegate = TransferDelegate(transfer)
      return task
    }

    func cancel(_ task: URLSessionDataTask) { task.cancel() }

    func forget(_ task: URLSessionDataTask) {}
  }

  /// Hands the callbacks of one task on to its transfer.
  ///
  /// What it does not implement, such as redirects and challenges, goes to the session's delegate.
  private final class TransferDelegate: NSObject, URLSessionDataDelegate {
    private let transfer: Transfer

    init(_ transfer: Transfer) {
      self.transfer = transfer
    }

    func urlSession(
      _ session: URLSession,
      dataTask: URLSessionDataTask,
      didReceive response: URLResponse,
      completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
      completionHandler(transfer.receive(response) ? .allow : .cancel)
    }

    func urlSession(
      _ session: URLSession,
      dataTask: URLSessionDataTask,
      didReceive data: Data
    ) {
      if !transfer.receive(data) { dataTask.cancel() }
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didCompleteWithError error: (any Error)?
    ) {
      transfer.complete(error)
    }
  }

  extension URLSession {
    /// What carries out requests for this session.
    var channel: OwnDelegateChannel { OwnDelegateChannel(session: self) }
  }
#endif
