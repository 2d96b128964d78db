/// A key of any name or number.
struct FieldKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    self.init(intValue)
  }

  init(_ number: Int) {
    stringValue = "\(number)"
    intValue = number
  }
}
