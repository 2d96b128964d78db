// From the socket to the parser, and from the parser to a reply.
extension Connection {
  func readable() {
    read()
    serveNext()
    readOrRest()
  }

  /// Reads on unless the requests behind the present one have become too many.
  func readOrRest() {
    if parser.pendingBytes > Self.pipelineBytes {
      readSource?.pause()
    } else {
      readSource?.resume()
    }
  }

  private func read() {
    switch socket.receive(upTo: Self.readBytes) {
    case .bytes(let bytes): take(bytes)
    case .end: peerEnded()
    case .nothingYet: break
    case .failed: close()
    }
  }

  private func take(_ bytes: [UInt8]) {
    lastProgress = .now
    switch phase {
    case .reading, .replying, .hanging: parser.append(bytes)
    case .draining(let end, let left) where bytes.count <= left:
      phase = .draining(until: end, bytesLeft: left - bytes.count)
    case .draining: close()
    case .closed: break
    }
  }

  private func peerEnded() {
    peerHasEnded = true
    readSource?.cancel()
    switch phase {
    case .reading, .closed: break
    case .replying(let task): task.cancel()
    case .hanging, .draining: close()
    }
  }

  /// Takes the next request from the parser, if the one before is answered.
  func serveNext() {
    do throws(RequestError) {
      while case .reading = phase {
        guard let event = try parser.next() else { break }
        switch event {
        case .continueExpected: write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        case .request(let request): answer(request)
        }
      }
    } catch {
      service.noteMalformed()
      let reply = Reply(error)
      begin { await self.send(reply) }
    }
    if case .reading = phase, peerHasEnded { close() }
  }
}
