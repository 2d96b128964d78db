/// A small seeded generator, so that a run can be repeated.
///
/// ## Source
/// Steele, G. L., Lea, D. & Flood, C. H. (2014).
/// [Fast splittable pseudorandom number generators](https://doi.org/10.1145/2660193.2660195), OOPSLA.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator; equal seeds give equal sequences.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
