#if canImport(FoundationNetworking)
  internal import Dispatch
  internal import Resilience
  internal import Foundation
  internal import FoundationNetworking

  /// Hands the callbacks of a companion session on: to the transfers what is theirs, and to the
  /// delegate of the user's session what that one decides.
  ///
  /// It is called on the session's own thread; the user's delegate is called on its own queue.
  final class SessionRelay: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
      /// Weak, since the user's session owns its companion in all but name.
      weak var owner: URLSession?
      var transfers: [Int: any Transferring] = [:]
      /// Those whose response is the answer although their tasks end with an error.
      var standing: Set<Int> = []
      /// What holds the companion session back.
      var flow: BodyFlow?
    }

    private let state: Guarded<State>

    init(owner: URLSession) {
      state = Guarded(State(owner: owner))
    }

    func add(_ transfer: any Transferring, for task: URLSessionTask) {
      let id = task.taskIdentifier
      state.withLock { $0.transfers[id] = transfer }
    }

    func remove(_ task: URLSessionTask) {
      let id = task.taskIdentifier
      state.withLock { state in
        state.transfers[id] = nil
        state.standing.remove(id)
      }
    }

    private func transfer(of task: URLSessionTask) -> (any Transferring)? {
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

    /// Says what holds the session back, before it has a task.
    func begin(_ flow: BodyFlow) {
      state.withLock { $0.flow = flow }
    }

    /// Cancels a task, soon: to do so waits for the session's thread, which may be the present one.
    ///
    /// A cancellation takes two steps on the task's own queue. When the transfer completes between
    /// them, the session forgets the task, and traps at the second (“a task that in not in the
    /// registry”). So it is held back until both are done: reading `priority` waits for what is on
    /// the task's queue.
    func cancel(_ task: URLSessionTask) {
      guard task.state == .running || task.state == .suspended else { return }
      let flow = state.withLock { $0.flow }
      DispatchQueue.global().async {
        flow?.hold()
        task.cancel()
        _ = task.priority
        flow?.release()
      }
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
      if !goesOn { cancel(dataTask) }
    }

    func urlSession(
      _ session: URLSession,
      dataTask: URLSessionDataTask,
      didReceive data: Data
    ) {
      guard let transfer = transfer(of: dataTask), !transfer.receive(data) else { return }
      // Pieces that the session has read already may come when the task is being cancelled.
      if dataTask.state == .running { cancel(dataTask) }
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
      let id = task.taskIdentifier
      let (transfer, stands) = state.withLock { state in
        (state.transfers.removeValue(forKey: id), state.standing.remove(id) != nil)
      }
      transfer?.complete(stands ? nil : error)
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      needNewBodyStream completionHandler: @Sendable @escaping (InputStream?) -> Void
    ) {
      completionHandler(transfer(of: task)?.hop.body?.anotherStream)
    }

    // MARK: For the user's delegate

    /// Follows no redirect within the session, which would drop the body: the call goes on with a
    /// request of its own.
    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest,
      completionHandler: @Sendable @escaping (URLRequest?) -> Void
    ) {
      guard let transfer = transfer(of: task) else { return cancel(task) }
      // The session traps if it is answered after the task was cancelled.
      let stay: @Sendable () -> Void = { transfer.unlessStopped { completionHandler(nil) } }
      switch transfer.hop.redirect(response.statusCode, to: request.url) {
      case .stay:
        stay()
      case .refuse(let error):
        transfer.stop(error)
        cancel(task)
      case .follow(let next):
        guard let user else {
          transfer.move(to: next)
          return stay()
        }
        user.session.delegateQueue.addOperation {
          user.delegate.urlSession(
            user.session,
            task: task,
            willPerformHTTPRedirection: response,
            newRequest: next.request
          ) { request in
            if let request { transfer.move(to: next.with(request)) }
            stay()
          }
        }
      }
    }

    /// Lets the user's delegate answer a challenge, if it can be answered.
    ///
    /// The session waits for ever if there is no credential to try, and traps at one that is for
    /// anything but “Basic”. With a credential it sends the request again, and with it the same stream
    /// as before, which has been read. In all these cases the response that came with the challenge is
    /// the answer.
    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didReceive challenge: URLAuthenticationChallenge,
      completionHandler:
        @Sendable @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
      let method = challenge.protectionSpace.authenticationMethod
      let isBasic = method == NSURLAuthenticationMethodHTTPBasic
      let canAnswer = isBasic && transfer(of: task)?.hop.streamsBody != true
      let isProposed = challenge.proposedCredential != nil
      let answer: @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void = {
        disposition,
        credential in
        switch disposition {
        case .useCredential where canAnswer && credential != nil:
          completionHandler(.useCredential, credential)
        case .performDefaultHandling where canAnswer && isProposed:
          completionHandler(.performDefaultHandling, nil)
        case .cancelAuthenticationChallenge:
          self.cancel(task)
        default:
          self.letStand(task)
        }
      }
      guard let user else {
        // To answer with a credential waits for the session's thread.
        return DispatchQueue.global().async { answer(.performDefaultHandling, nil) }
      }
      user.session.delegateQueue.addOperation {
        user.delegate.urlSession(
          user.session,
          task: task,
          didReceive: challenge,
          completionHandler: answer
        )
      }
    }

    /// Ends a task that waits for an answer to a challenge, with the response that it has.
    private func letStand(_ task: URLSessionTask) {
      let id = task.taskIdentifier
      state.withLock { if $0.transfers[id] != nil { $0.standing.insert(id) } }
      cancel(task)
    }
  }
#endif
