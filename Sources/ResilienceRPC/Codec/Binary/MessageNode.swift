/// A message on its way to bytes: parts in order, some of which are not finished yet.
final class MessageNode {
  private enum Part {
    case bytes([UInt8])
    case message(field: Int, MessageNode)
    case packed(field: Int, PackedRun)
  }

  let depth: Int
  private var parts: [Part] = []

  init(depth: Int) {
    self.depth = depth
  }

  /// Adds bytes that are a field, or several.
  func add(_ body: (inout WireWriter) throws -> Void) rethrows {
    var writer = WireWriter()
    try body(&writer)
    parts.append(.bytes(writer.output))
  }

  /// Adds a message that is still to be filled.
  func addMessage(_ field: Int) throws(ProtoError) -> MessageNode {
    guard depth < WireReader.deepest else { throw .tooDeep }
    let node = MessageNode(depth: depth + 1)
    parts.append(.message(field: field, node))
    return node
  }

  /// Adds a list of numbers that is still to be filled.
  func addPacked(_ field: Int) -> PackedRun {
    let run = PackedRun()
    parts.append(.packed(field: field, run))
    return run
  }

  func serialized() -> [UInt8] {
    var writer = WireWriter()
    for part in parts {
      switch part {
      case .bytes(let bytes):
        writer.raw(bytes)
      case .message(let field, let node):
        writer.tag(field, .bytes)
        writer.bytes(node.serialized())
      case .packed(let field, let run):
        guard !run.writer.output.isEmpty else { continue }
        writer.tag(field, .bytes)
        writer.bytes(run.writer.output)
      }
    }
    return writer.output
  }
}

/// The numbers of a list, one behind the other.
final class PackedRun {
  var writer = WireWriter()
}
