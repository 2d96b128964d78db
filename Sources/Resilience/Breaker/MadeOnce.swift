import Synchronization

/// An object that is made by the first who needs it, and kept from then on.
///
/// An `AtomicLazyReference` that is specialised for its caller: a look at that of the library asks
/// for metadata each time, which takes some hundred instructions.
@safe
struct MadeOnce<Object: AnyObject & Sendable>: ~Copyable, Sendable {
  private let reference = unsafe Atomic<Unmanaged<Object>?>(nil)

  /// The object, or `nil` as long as nobody has needed it.
  var ifMade: Object? {
    unsafe reference.load(ordering: .acquiring)?.takeUnretainedValue()
  }

  /// The object, made by `make` if need be; of several made at the same time one is kept.
  func get(_ make: @autoclosure () -> Object) -> Object {
    if let made = ifMade { return made }
    let own = unsafe Unmanaged.passRetained(make())
    let (_, original) = unsafe reference.compareExchange(
      expected: nil,
      desired: own,
      ordering: .acquiringAndReleasing
    )
    guard let original = unsafe original else { return unsafe own.takeUnretainedValue() }
    unsafe own.release()
    return unsafe original.takeUnretainedValue()
  }

  deinit {
    unsafe reference.load(ordering: .acquiring)?.release()
  }
}
