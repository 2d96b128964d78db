import Foundation

/// One event of a stream, as text.
///
/// ## Source
/// WHATWG, [HTML, “Server-sent
/// events”](https://html.spec.whatwg.org/multipage/server-sent-events.html).
enum EventText {
  /// Longest event; what would be longer is not sent.
  static let limit = 256 * 1_024

  /// A comment, which keeps the connection alive and shows whether anyone is there.
  static let pulse = ": still here\n\n"

  /// An event that has a name only.
  static func named(_ name: String) -> String { "event: \(name)\ndata:\n\n" }

  /// The new content of a part of the page.
  ///
  /// - Throws: The encoder's `EncodingError`.
  static func part(_ name: String, _ content: String) throws -> String {
    let shown = content.utf8.count > limit / 2 ? "<p>Too much to be shown live.</p>" : content
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(["name": name, "html": shown])
    return "event: part\ndata: \(String(decoding: data, as: UTF8.self))\n\n"
  }
}
