/// A value handed from one task to another that runs while the first one waits for it.
///
/// Unchecked, because the compiler cannot know that the two never run at the same time: the first
/// task is suspended, or is itself running the second one's beginning, until the second has ended.
struct Transferred<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}
