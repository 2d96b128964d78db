/// An attribute of an element: the ways in which pages use them, and no others.
struct Attribute: Equatable, Sendable {
  enum Name: String, Sendable {
    case id, `class`, lang, charset, name, content, role, href, scope, src, type
    case tabindex, xmlns, viewBox, preserveAspectRatio, d, x, y, x1, x2, y1, y2
    case width, height, cx, cy, r, fill, patternUnits
    case httpEquiv = "http-equiv"
    case labelledBy = "aria-labelledby"
    case label = "aria-label"
    case hiddenFromReaders = "aria-hidden"
    case live = "aria-live"
    case vectorEffect = "vector-effect"
    case textAnchor = "text-anchor"
    case patternTransform = "patternTransform"
    case part = "data-part"
    case action = "data-action"
    case secret = "data-secret"
    case pressed = "aria-pressed"
  }

  let name: Name
  let value: String

  private init(_ name: Name, _ value: String) {
    self.name = name
    self.value = value
  }

  static func id(_ id: String) -> Self { Self(.id, id) }
  static func `class`(_ names: String) -> Self { Self(.class, names) }
  static func name(_ name: String) -> Self { Self(.name, name) }
  static func content(_ content: String) -> Self { Self(.content, content) }
  static func language(_ code: String) -> Self { Self(.lang, code) }
  static func charset(_ name: String) -> Self { Self(.charset, name) }
  static func httpEquiv(_ field: String) -> Self { Self(.httpEquiv, field) }
  static func role(_ role: String) -> Self { Self(.role, role) }
  static func label(_ text: String) -> Self { Self(.label, text) }
  static func labelled(by ids: String...) -> Self {
    Self(.labelledBy, ids.joined(separator: " "))
  }
  static func scope(_ scope: String) -> Self { Self(.scope, scope) }
  static func type(_ type: String) -> Self { Self(.type, type) }

  /// A script of the same server.
  static func source(_ path: String) -> Self { Self(.src, path) }

  /// A link to an element of the same page; nothing else is linked to.
  static func link(to id: String) -> Self { Self(.href, "#\(id)") }

  /// Decoration, which is not read aloud.
  static let decoration = Self(.hiddenFromReaders, "true")
  /// Reachable by keyboard, so that it can be scrolled.
  static let focusable = Self(.tabindex, "0")
  /// Read aloud when it changes.
  static let live = Self(.live, "polite")

  /// The name under which a dashboard replaces the content of the element.
  static func part(_ name: String) -> Self { Self(.part, name) }
  /// What a button asks of the dashboard.
  static func action(_ path: String) -> Self { Self(.action, path) }
  static func secret(_ secret: String) -> Self { Self(.secret, secret) }
  static func pressed(_ isPressed: Bool) -> Self { Self(.pressed, "\(isPressed)") }
}

// Those of SVG.
extension Attribute {
  /// A place or an extent: in units of the picture, or as a share of its width or height.
  enum Length: Equatable, Sendable {
    case units(Double)
    case percent(Double)

    var text: String {
      switch self {
      case .units(let value): value.short
      case .percent(let value): value.short + "%"
      }
    }
  }

  static let vector = Self(.xmlns, "http://www.w3.org/2000/svg")
  static let namespace = Self(.xmlns, "http://www.w3.org/1999/xhtml")
  static func viewBox(width: Double, height: Double) -> Self {
    Self(.viewBox, "0 0 \(width.short) \(height.short)")
  }
  /// The picture fills its place, whatever the proportions of that are.
  static let stretched = Self(.preserveAspectRatio, "none")
  /// Strokes are as wide as they say even in a stretched picture.
  static let evenStroke = Self(.vectorEffect, "non-scaling-stroke")
  static func data(_ path: PathData) -> Self { Self(.d, path.text) }
  static func x(_ x: Length) -> Self { Self(.x, x.text) }
  static func y(_ y: Length) -> Self { Self(.y, y.text) }
  static func x1(_ x: Length) -> Self { Self(.x1, x.text) }
  static func x2(_ x: Length) -> Self { Self(.x2, x.text) }
  static func y1(_ y: Length) -> Self { Self(.y1, y.text) }
  static func y2(_ y: Length) -> Self { Self(.y2, y.text) }
  static func cx(_ x: Length) -> Self { Self(.cx, x.text) }
  static func cy(_ y: Length) -> Self { Self(.cy, y.text) }
  static func radius(_ radius: Double) -> Self { Self(.r, radius.short) }
  static func width(_ width: Length) -> Self { Self(.width, width.text) }
  static func height(_ height: Length) -> Self { Self(.height, height.text) }
  /// Fills with a pattern of the same picture.
  static func fill(pattern id: String) -> Self { Self(.fill, "url(#\(id))") }
  static let patternInUnits = Self(.patternUnits, "userSpaceOnUse")
  static func patternRotated(by degrees: Double) -> Self {
    Self(.patternTransform, "rotate(\(degrees.short))")
  }

  enum Anchor: String, Sendable { case start, middle, end }
  static func anchor(_ anchor: Anchor) -> Self { Self(.textAnchor, anchor.rawValue) }
}

extension Double {
  /// The number with at most two digits behind the point, and 0 for what is no number.
  var short: String {
    guard isFinite, abs(self) < 1e12 else { return "0" }
    let hundredths = Int((self * 100).rounded())
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(sign)\(whole).\(digits)"
  }
}
