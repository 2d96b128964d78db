extension HTTPHeaders {
  /// Creates fields from those of any server or client.
  ///
  /// Values of the same name are joined by a comma, in their order, as HTTP lets anyone do on the way.
  ///
  /// - Parameter fields: Names and values, in order.
  ///
  /// ## Source
  /// [RFC 9110, section 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3).
  public init(fields: some Sequence<(name: String, value: String)>) {
    self.init()
    for (name, value) in fields {
      self[name] = self[name].map { "\($0), \(value)" } ?? value
    }
  }
}
