import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a parser of XML sees it: nothing that is not well-formed has an outline.
final class Outline: NSObject, XMLParserDelegate {
  final class Element {
    let name: String
    let attributes: [String: String]
    var children: [Element] = []
    var ownText = ""

    init(_ name: String, _ attributes: [String: String]) {
      self.name = name
      self.attributes = attributes
    }

    /// All text within.
    var text: String { ownText + children.map(\.text).joined() }

    /// The elements of that name within, in the order of the page.
    func all(_ name: String) -> [Element] {
      children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
    }

    /// The first element within that has this id.
    func find(id: String) -> Element? {
      for child in children {
        if child.attributes["id"] == id { return child }
        if let found = child.find(id: id) { return found }
      }
      return nil
    }
  }

  /// Thrown for a page that is not well-formed.
  struct Malformed: Error {
    let line: Int
    let reason: String
  }

  private var stack = [Element("", [:])]

  /// Reads a page.
  static func read(_ text: String) throws -> Element {
    let outline = Outline()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = outline
    guard parser.parse(), outline.stack.count == 1 else {
      throw Malformed(line: parser.lineNumber, reason: "\(String(describing: parser.parserError))")
    }
    return outline.stack[0]
  }

  func parser(
    _ parser: XMLParser,
    didStartElement name: String,
    namespaceURI: String?,
    qualifiedName: String?,
    attributes: [String: String]
  ) {
    let element = Element(name, attributes)
    stack.last?.children.append(element)
    stack.append(element)
  }

  func parser(
    _ parser: XMLParser,
    didEndElement name: String,
    namespaceURI: String?,
    qualifiedName: String?
  ) {
    stack.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    stack.last?.ownText += text
  }
}
