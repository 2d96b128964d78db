/// A message on its way to bytes: parts in order, some of which are not finished yet.
final class MessageNode {
  private enum Part {
    case bytes([UInt8])
    case message(field: Int, MessageNode)
    case packed(field: Int, PackedRun)
  }

  let depth: Int
  private var parts: [Part] = []
  /// The fields that are finished since the last part.
  private var finished = WireWriter()
  /// How many bytes it takes; known when it has been measured.
  private var size = 0

  init(depth: Int) {
    self.depth = depth
  }

  /// Adds bytes that are a field, or several.
  func add(_ body: (inout WireWriter) throws -> Void) rethrows {
    try body(&finished)
  }

  /// Adds a message that is still to be filled.
  func addMessage(_ field: Int) throws(ProtoError) -> MessageNode {
    guard depth < WireReader.deepest else { throw .tooDeep }
    let node = MessageNode(depth: depth + 1)
    closePart()
    parts.append(.message(field: field, node))
    return node
  }

  /// Adds a list of numbers that is still to be filled.
  func addPacked(_ field: Int) -> PackedRun {
    let run = PackedRun()
    closePart()
    parts.append(.packed(field: field, run))
    return run
  }

  /// The bytes of the message.
  ///
  /// - Complexity: O(n) in their number: lengths are counted first, and then all is written once.
  func serialized() -> [UInt8] {
    measure()
    var writer = WireWriter(capacity: size)
    write(to: &writer)
    return writer.output
  }

  private func closePart() {
    guard !finished.output.isEmpty else { return }
    parts.append(.bytes(finished.output))
    finished = WireWriter()
  }

  private func measure() {
    closePart()
    size = parts.reduce(0) { sum, part in
      switch part {
      case .bytes(let bytes):
        return sum + bytes.count
      case .message(let field, let node):
        node.measure()
        return sum + WireWriter.length(field, node.size)
      case .packed(let field, let run):
        let count = run.writer.output.count
        return count == 0 ? sum : sum + WireWriter.length(field, count)
      }
    }
  }

  private func write(to writer: inout WireWriter) {
    for part in parts {
      switch part {
      case .bytes(let bytes):
        writer.raw(bytes)
      case .message(let field, let node):
        writer.tag(field, .bytes)
        writer.varint(UInt64(node.size))
        node.write(to: &writer)
      case .packed(let field, let run):
        guard !run.writer.output.isEmpty else { continue }
        writer.tag(field, .bytes)
        writer.bytes(run.writer.output)
      }
    }
  }
}

/// The numbers of a list, one behind the other.
final class PackedRun {
  var writer = WireWriter()
}
