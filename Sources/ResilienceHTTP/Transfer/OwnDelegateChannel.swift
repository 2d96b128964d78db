#if !canImport(FoundationNetworking)
  internal import Foundation

  /// The user's session itself: on Apple systems each of its tasks may have a delegate of its own.
  struct OwnDelegateChannel: Channel {
    let session: URLSession

    func task(of transfer: some Transferring) throws -> URLSessionDataTask {
      let task = try session.dataTask(for: transfer.hop)
      task.delegate = TransferDelegate(transfer)
      return task
    }

    func cancel(_ task: URLSessionDataTask) { task.cancel() }

    func forget(_ task: URLSessionDataTask) {}
  }

  /// Hands the callbacks of one task on to its transfer.
  ///
  /// What it does not implement, such as challenges, goes to the session's delegate.
  private final class TransferDelegate: NSObject, URLSessionDataDelegate {
    private let transfer: any Transferring

    init(_ transfer: any Transferring) {
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
      needNewBodyStream completionHandler: @escaping @Sendable (InputStream?) -> Void
    ) {
      completionHandler(transfer.hop.body?.anotherStream)
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest,
      completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
      let transfer = transfer
      switch transfer.hop.redirect(response.statusCode, to: request.url) {
      case .stay:
        completionHandler(nil)
      case .refuse(let error):
        transfer.stop(error)
        completionHandler(nil)
      case .follow(let next):
        let user = session.delegate as? any URLSessionTaskDelegate
        guard
          let decide = user?.urlSession(
            _:
            task:
            willPerformHTTPRedirection:
            newRequest:
            completionHandler:
          )
        else {
          transfer.move(to: next)
          return completionHandler(nil)
        }
        decide(session, task, response, next.request) { request in
          if let request { transfer.move(to: next.with(request)) }
          completionHandler(nil)
        }
      }
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didCompleteWithError error: (any Error)?
    ) {
      transfer.complete(error)
    }
  }

  /// The user's session, which may carry any number of bodies.
  struct Lane: Sendable {
    let channel: OwnDelegateChannel

    func flow(of task: URLSessionTask) -> BodyFlow { BodyFlow(of: task) }

    func task(of transfer: StreamedTransfer) throws -> URLSessionDataTask {
      try channel.task(of: transfer)
    }

    /// The session's own timer sees to it, and stands still while a task is suspended.
    func silenceLimit(of request: URLRequest) -> Duration? { nil }

    func giveBack() {}
  }

  extension URLSession {
    /// What carries out requests for this session.
    var channel: OwnDelegateChannel { OwnDelegateChannel(session: self) }

    /// What carries out a request whose response is read while it arrives.
    var streamingChannel: Lane { Lane(channel: channel) }
  }
#endif
