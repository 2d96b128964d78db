/// Collects the parts of an element; a string is a text.
@resultBuilder
enum MarkupBuilder {
  static func buildExpression(_ markup: Markup) -> [Markup] { [markup] }
  static func buildExpression(_ markup: [Markup]) -> [Markup] { markup }
  static func buildExpression(_ text: String) -> [Markup] { [.text(text)] }
  static func buildBlock(_ parts: [Markup]...) -> [Markup] { parts.flatMap { $0 } }
  static func buildArray(_ parts: [[Markup]]) -> [Markup] { parts.flatMap { $0 } }
  static func buildOptional(_ part: [Markup]?) -> [Markup] { part ?? [] }
  static func buildEither(first part: [Markup]) -> [Markup] { part }
  static func buildEither(second part: [Markup]) -> [Markup] { part }
}

extension Tag {
  /// Makes an element.
  ///
  /// `Tag.p(.class("note")) { "a < b" }` is written `<p class="note">a &lt; b</p>`.
  func callAsFunction(
    _ attributes: Attribute...,
    @MarkupBuilder content: () -> [Markup] = { [] }
  ) -> Markup {
    .element(self, attributes, content())
  }
}
