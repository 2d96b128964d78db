/// The elements that pages are made of.
enum Tag: String, Sendable {
  case html, head, meta, title, style, script, body
  case main, header, section, figure, figcaption, details, summary, div, span, nav
  case h1, h2, h3, p, a, strong, code, pre, button
  case ul, ol, li, dl, dt, dd
  case table, caption, thead, tbody, tr, th, td
  case svg, g, path, line, rect, circle, text, desc, defs, pattern

  /// Whether HTML knows the element to be empty, or SVG needs no end of it.
  var isVoid: Bool {
    switch self {
    case .meta, .path, .line: true
    default: false
    }
  }

  /// Whether a line of the page ends with the element; white space means nothing there.
  var endsLine: Bool {
    switch self {
    case .meta, .title, .style, .script, .head, .header, .section, .figure, .details,
      .figcaption, .div, .nav, .h1, .h2, .h3, .p, .ul, .ol, .li, .dl, .table, .thead, .tbody, .tr,
      .svg, .g, .path, .line, .main, .body:
      true
    default: false
    }
  }
}
