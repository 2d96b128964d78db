#if canImport(FoundationNetworking)
  internal import Resilience
  internal import Foundation
  internal import FoundationNetworking

  /// Hands the callbacks of a companion session on: to the transfers what is theirs, and to the
  /// delegate of the user's session what that one decides.
  final class SessionRelay: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
      /// Weak, since the user's session owns its companion in all but name.
      weak var owner: URLSession?
      var transfers: [Int: Transfer] = [:]
    }

    private let state: Guarded<State>

    init(owner: URLSession) {
      state = Guarded(State(owner: owner))
    }

    func add(_ transfer: Transfer, for task: URLSessionTask) {
      let id = task.taskIdentifier
      state.withLock { $0.transfers[id] = transfer }
    }

    func remove(_ task: URLSessionTask) {
      let id = task.taskIdentifier
      state.withLock { _ = $0.transfers.removeValue(forKey: id) }
    }

    private func transfer(of task: URLSessionTask) -> Transfer? {
      let id = task.taskIdentifier
      return state.withLock { $0.transfers[id] }
    }

    /// The user's session and its delegate, if it has one for tasks.
    private var user: (session: URLSession, delegate: any URLSessionTaskDelegate)? {
      guard let session = state.withLock({ $0.owner }),
        let delegate = session.delegate as? any URLSessionTaskDelegate
      else { return nil }
      return (session, delegate)
    }

    // MARK: For the transfer

    func urlSession(
      _ session: URLSession,
      dataTask: URLSessionDataTask,
      didReceive response: URLResponse,
      completionHandler: @Sendable @escaping (URLSession.ResponseDisposition) -> Void
    ) {
      // The disposition is ignored here, whatever it is, so the task has to be cancelled as well.
      let goesOn = transfer(of: dataTask)?.receive(response) ?? true
      completionHandler(goesOn ? .allow : .cancel)
      if !goesOn { dataTask.cancelOnDelegateQueue() }
    }

    func urlSession(
      _ session: URLSession,
      dataTask: URLSessionDataTask,
      didReceive data: Data
    ) {
      guard let transfer = transfer(of: dataTask), !transfer.receive(data) else { return }
      dataTask.cancelOnDelegateQueue()
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didSendBodyData bytesSent: Int64,
      totalBytesSent: Int64,
      totalBytesExpectedToSend: Int64
    ) {
      transfer(of: task)?.noteSent()
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didCompleteWithError error: (any Error)?
    ) {
      transfer(of: task)?.complete(error)
    }

    // MARK: For the user's delegate

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest,
      completionHandler: @Sendable @escaping (URLRequest?) -> Void
    ) {
      guard let transfer = transfer(of: task) else { return }
      // The session traps if it is answered after the task was cancelled.
      let answer: @Sendable (URLRequest?) -> Void = { request in
        transfer.unlessStopped { completionHandler(request) }
      }
      guard let user else { return answer(request) }
      user.delegate.urlSession(
        user.session,
        task: task,
        willPerformHTTPRedirection: response,
        newRequest: request,
        completionHandler: answer
      )
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didReceive challenge: URLAuthenticationChallenge,
      completionHandler:
        @Sendable @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
      guard let user else { return completionHandler(.performDefaultHandling, nil) }
      user.delegate.urlSession(
        user.session,
        task: task,
        didReceive: challenge,
        completionHandler: completionHandler
      )
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      needNewBodyStream completionHandler: @Sendable @escaping (InputStream?) -> Void
    ) {
      guard let user else { return completionHandler(nil) }
      user.delegate.urlSession(
        user.session,
        task: task,
        needNewBodyStream: completionHandler
      )
    }
  }

  extension URLSessionTask {
    /// Cancels the task; to be called on the delegate queue of its session only.
    ///
    /// A cancellation takes two steps on the task's own queue. When the transfer completes between
    /// them, and the delegate queue lets the task be forgotten before the second, the session traps
    /// (“a task that in not in the registry”). So the delegate queue is kept busy until both steps
    /// are done. Reading `priority` waits for what is on the task's queue: the first time for the
    /// first step, which enqueues the second one.
    func cancelOnDelegateQueue() {
      cancel()
      _ = priority
      _ = priority
    }
  }
#endif
