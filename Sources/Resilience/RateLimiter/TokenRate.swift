/// A token bucket as the generic cell rate algorithm (GCRA) has it: all its state is one moment.
///
/// That moment is the *theoretical arrival time*, TAT: when the bucket will be full again. With *T*
/// the interval between permits and *b* the burst, the bucket holds *b* - (TAT - now) / *T* permits,
/// so a weight *w* can be had from TAT - (*b* - *w*) × *T* on, and taking it moves TAT to
/// max(TAT, now) + *w* × *T*. Filling up needs no work: it is time that passes.
///
/// With a burst of one, what is left is spacing: permits at least *T* apart. Token bucket and smooth
/// limit are the same machine.
///
/// Any closed span of length *l* sees at most *b* + ⌊*l* / *T*⌋ permits.
///
/// ## Source
/// ITU-T Recommendation [I.371](https://www.itu.int/rec/T-REC-I.371) (2004), Traffic control and
/// congestion control in B-ISDN, Annex A: the *virtual scheduling algorithm*, its tolerance τ being
/// (*b* - 1) × *T*.
struct TokenRate: RateMachine {
  private let interval: Int64
  private let burst: Int64
  private var theoreticalArrival = Moment.distantPast

  /// Creates a full bucket.
  ///
  /// - Parameters:
  ///   - interval: Nanoseconds between permits. Positive; times the burst at most `Int64.max`.
  ///   - burst: How many permits the bucket holds. At least 1.
  init(interval: Int64, burst: Int) {
    self.interval = interval
    self.burst = Int64(burst)
  }

  var capacity: Int { Int(burst) }

  func earliest(_ weight: Int, at now: Moment) -> Moment {
    max(now, theoreticalArrival.advanced(byNanoseconds: -(burst - Int64(weight)) * interval))
  }

  mutating func take(_ weight: Int, at moment: Moment) {
    theoreticalArrival = max(moment, theoreticalArrival)
      .advanced(byNanoseconds: Int64(weight) * interval)
  }

  func available(at now: Moment) -> Int {
    guard now < theoreticalArrival else { return capacity }
    let (whole, rest) = now.nanoseconds(to: theoreticalArrival)
      .quotientAndRemainder(dividingBy: interval)
    return Int(max(0, burst - whole - (rest > 0 ? 1 : 0)))
  }
}
