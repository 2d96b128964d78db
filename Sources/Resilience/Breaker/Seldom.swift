/// A value that is mostly its usual one, and takes a pointer only while it is.
struct Seldom<Value: Usual>: Sendable {
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) {
      self.value = value
    }
  }

  private var box: Box?

  /// The value: what was set last, or else the usual one.
  var value: Value {
    get { box?.value ?? Value() }
    set { box = newValue == Value() ? nil : Box(newValue) }
  }
}

/// What is created as it mostly is.
protocol Usual: Equatable, Sendable {
  init()
}
