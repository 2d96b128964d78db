/// What one page has been sent, so that only what has changed is sent again.
struct Programme {
  /// Pictures without a change after which something is sent all the same.
  private static let patience = 25

  private var sent: [String: String] = [:]
  private var shape: String?
  private var unchanged = 0

  /// Whether the page has been told to load itself again.
  private(set) var isOver = false

  /// The events that bring the page up to date; empty if there is nothing to say.
  ///
  /// - Throws: The encoder's `EncodingError`.
  mutating func events(for edition: Edition) throws -> String {
    if let shape, shape != edition.shape {
      isOver = true
      return EventText.named("reload")
    }
    shape = edition.shape
    let changed = edition.parts.filter { sent[$0.name] != $0.content }
    for part in changed { sent[part.name] = part.content }
    unchanged = changed.isEmpty ? unchanged + 1 : 0
    if unchanged >= Self.patience {
      unchanged = 0
      return EventText.pulse
    }
    return try changed.map { try EventText.part($0.name, $0.content) }.joined()
  }
}
