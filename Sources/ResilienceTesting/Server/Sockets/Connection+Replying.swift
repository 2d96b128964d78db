import Dispatch

// From a request to the bytes of its reply, and from the bytes to the socket.
extension Connection {
  func answer(_ request: ServerRequest) {
    let number = service.begin(request)
    begin { [service] in
      let reply = await service.reply(to: request)
      await self.deliver(reply, for: number)
    }
  }

  func begin(_ reply: @escaping @Sendable () async -> Void) {
    work.replies.enter()
    phase = .replying(
      Task { @concurrent [work] in
        await reply()
        work.replies.leave()
      }
    )
  }

  private func deliver(_ reply: Reply?, for number: Int) async {
    guard case .replying = phase, let reply else {
      service.settle(number, as: .abandoned)
      return close()
    }
    service.settle(number, as: reply.outcome)
    await send(reply)
  }

  func send(_ reply: Reply) async {
    do {
      guard let pace = reply.pace else {
        try await flush(reply.bytes[...])
        if let piece = reply.endless {
          try await repeatForEver(piece, pausing: reply.endlessInterval)
        }
        if let stream = reply.stream { try await send(stream, isChunked: reply.isChunked) }
        return finish(reply.ending)
      }
      var rest = reply.bytes[...]
      while !rest.isEmpty {
        try await flush(rest.prefix(pace.bytes))
        rest = rest.dropFirst(pace.bytes)
        if !rest.isEmpty { try await Task.sleep(for: pace.interval) }
      }
      finish(reply.ending)
    } catch {
      close()
    }
  }

  /// Sends what a handler writes, as the client takes it.
  private func send(_ stream: ServerBodyStream, isChunked: Bool) async throws {
    try await stream.produce { piece in
      guard !piece.isEmpty else { return }
      let head = isChunked ? Array("\(String(piece.count, radix: 16))\r\n".utf8) : []
      let tail = isChunked ? Array("\r\n".utf8) : []
      try await self.flush((head + piece + tail)[...])
      try Task.checkCancellation()
    }
    if isChunked { try await flush(Array("0\r\n\r\n".utf8)[...]) }
  }

  /// Sends a piece again and again, as the client takes it, until the connection breaks or the task
  /// is cancelled.
  private func repeatForEver(_ piece: [UInt8], pausing pause: Duration?) async throws {
    while true {
      try Task.checkCancellation()
      try await flush(piece[...])
      if let pause { try await Task.sleep(for: pause) } else { await Task.yield() }
    }
  }

  private func finish(_ ending: Reply.Ending) {
    guard case .replying = phase else { return }
    switch ending {
    case .keepOpen where !isLast:
      phase = .reading
      lastProgress = .now
      serveNext()
      readOrRest()
    case .keepOpen, .close: drain()
    case .reset: close(resetting: true)
    case .hang(let id):
      phase = .hanging(id)
      if peerHasEnded { close() }
      heal()
    }
  }

  func drain() {
    socket.finishSending()
    guard !peerHasEnded else { return close() }
    phase = .draining(until: .now + Self.drainTime, bytesLeft: service.limits.bodyBytes)
    readSource?.resume()
  }
}

// MARK: - Writing

extension Connection {
  /// Writes bytes and waits until the system has taken them all.
  private func flush(_ bytes: ArraySlice<UInt8>) async throws {
    guard case .replying = phase, flushed == nil else { throw CancellationError() }
    write(bytes)
    guard !outgoing.isEmpty else { return }
    try await withCheckedThrowingContinuation { flushed = $0 }
  }

  func write(_ bytes: some Collection<UInt8>) {
    outgoing.append(contentsOf: bytes)
    writable()
  }

  private func writable() {
    while !outgoing.isEmpty {
      guard let sent = socket.send(outgoing) else { return close() }
      guard sent > 0 else {
        if writeSource == nil { writeSource = source(.write) { $0.writable() } }
        writeSource?.resume()
        return
      }
      lastProgress = .now
      service.noteSent(sent)
      outgoing = outgoing.dropFirst(sent)
    }
    outgoing = []
    writeSource?.pause()
    flushed.take()?.resume()
  }
}
