/// Rules of CSS that are written in code, never made of data.
struct Stylesheet: Equatable, Sendable {
  let text: String

  /// Takes a text over as it is.
  ///
  /// - Precondition: It has neither `<` nor `&`, which would be markup.
  init(_ text: StaticString) {
    let text = "\(text)"
    precondition(!text.contains { $0 == "<" || $0 == "&" }, "rules must not have < or &")
    self.text = text
  }
}
