/// Some words on the heap, as a value that takes one pointer and no more heap than it must.
///
/// How many there are its owner knows, so that they need not. The only unsafe code of the breaker:
/// memory is lent as spans, which check each index.
struct Words: @unchecked Sendable {
  // Unchecked because a buffer is not Sendable: one that is shared is only read.
  private final class Buffer: ManagedBuffer<Void, UInt64> {}

  private var buffer: ManagedBuffer<Void, UInt64>

  /// So many words of zero.
  init(zeros count: Int) {
    buffer = Buffer.create(minimumCapacity: count) { _ in }
    unsafe buffer.withUnsafeMutablePointerToElements {
      unsafe $0.initialize(repeating: 0, count: count)
    }
  }

  private init(copying other: Words, count: Int) {
    buffer = Buffer.create(minimumCapacity: count) { _ in }
    unsafe buffer.withUnsafeMutablePointerToElements { target in
      unsafe other.buffer.withUnsafeMutablePointerToElements { source in
        unsafe target.initialize(from: source, count: count)
      }
    }
  }

  /// Lends the words, of which there are `count`, to be read.
  func read<R>(count: Int, _ body: (Span<UInt64>) -> R) -> R {
    unsafe buffer.withUnsafeMutablePointerToElements { start in
      unsafe body(Span(_unsafeStart: start, count: count))
    }
  }

  /// Lends the words, of which there are `count`, to be changed; a copy if they are shared.
  mutating func change(count: Int, _ body: (inout MutableSpan<UInt64>) -> Void) {
    if !isKnownUniquelyReferenced(&buffer) { self = Words(copying: self, count: count) }
    unsafe buffer.withUnsafeMutablePointerToElements { start in
      var words = unsafe MutableSpan(_unsafeStart: start, count: count)
      body(&words)
    }
  }
}
