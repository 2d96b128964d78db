/// Received bytes that nobody has taken yet.
struct ByteQueue: Sendable {
  enum Line: Equatable {
    /// The line's end has not arrived, and the limit is not passed.
    case incomplete
    /// A line without its CR LF.
    case line(ArraySlice<UInt8>)
    /// More bytes than the limit came before a line feed.
    case tooLong
    /// A line feed without a CR before it, or a CR without a line feed behind it.
    case malformed
  }

  private var bytes: [UInt8] = []
  private var start = 0

  /// No line feed stands before this index.
  private var searched = 0

  var count: Int { bytes.count - start }

  mutating func append(_ new: some Collection<UInt8>) {
    if start > 0, start >= bytes.count / 2 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: new)
  }

  /// Takes the next line of at most `limit` bytes.
  ///
  /// A line ends in CR LF and nothing else: a recipient may be lenient here, but a server for tests
  /// should notice a client that is not in order.
  ///
  /// ## Source
  /// [RFC 9112, section 2.2](https://www.rfc-editor.org/rfc/rfc9112#section-2.2).
  ///
  /// - Complexity: each byte is looked at twice, however the bytes arrive.
  mutating func takeLine(limit: Int) -> Line {
    let bound = min(bytes.count, start + limit + 2)
    guard let end = bytes[max(searched, start)..<bound].firstIndex(of: .lineFeed) else {
      searched = bound
      return count >= limit + 2 ? .tooLong : .incomplete
    }
    defer {
      start = end + 1
      searched = start
    }
    guard end > start, bytes[end - 1] == .carriageReturn else { return .malformed }
    let line = bytes[start..<(end - 1)]
    return line.contains(.carriageReturn) ? .malformed : .line(line)
  }

  /// Takes at most `limit` bytes.
  mutating func take(upTo limit: Int) -> ArraySlice<UInt8> {
    let end = min(bytes.count, start + limit)
    defer {
      start = end
      searched = end
    }
    return bytes[start..<end]
  }

  mutating func removeAll() {
    self = ByteQueue()
  }
}

extension ByteQueue {
  /// Takes the next line, or nil if it is not complete; throws `error` if it is too long.
  mutating func line(
    limit: Int,
    beyond error: RequestError
  ) throws(RequestError) -> ArraySlice<UInt8>? {
    switch takeLine(limit: limit) {
    case .incomplete: return nil
    case .line(let line): return line
    case .tooLong: throw error
    case .malformed: throw .bareLineEnd
    }
  }
}
