@testable import Resilience

/// A throttle that remembers every call in a list and computes everything anew: slow, but plain.
struct NaiveThrottle {
  private struct Call {
    let bucket: Int
    let criticality: Criticality
    let isAccepted: Bool
  }

  private let settings: ThrottleSettings
  private let bucketLength: Int
  private var calls: [Call] = []
  private var newest = Int.min

  init(_ settings: ThrottleSettings) {
    self.settings = settings
    let window = Int(settings.window / .nanoseconds(1))
    bucketLength = (window + settings.buckets - 1) / settings.buckets
  }

  /// - Returns: Whether the call is admitted.
  mutating func admit(_ criticality: Criticality, draw: Double, at now: Int) -> Bool {
    advance(to: now)
    guard draw < share(of: criticality) else { return true }
    calls.append(Call(bucket: newest, criticality: criticality, isAccepted: false))
    return false
  }

  mutating func settle(_ criticality: Criticality, as verdict: Verdict, at now: Int) {
    guard verdict != .ignored else { return }
    advance(to: now)
    calls.append(
      Call(bucket: newest, criticality: criticality, isAccepted: verdict == .success)
    )
  }

  mutating func advance(to now: Int) {
    newest = max(newest, Int((Double(now) / Double(bucketLength)).rounded(.down)))
    calls.removeAll { $0.bucket <= newest - settings.buckets }
  }

  func requests(of criticality: Criticality) -> Int {
    calls.count { $0.criticality == criticality }
  }

  func accepts(of criticality: Criticality) -> Int {
    calls.count { $0.criticality == criticality && $0.isAccepted }
  }

  /// The calls in a row, the least critical first: those before the cut are to be shed.
  func share(of criticality: Criticality) -> Double {
    guard calls.count >= settings.minimumRequests else { return 0 }
    let requests = Double(calls.count)
    let accepts = Double(calls.count { $0.isAccepted })
    let cut = max(0, (requests - settings.ratio * accepts) / (requests + 1)) * requests
    let begin = Double(calls.count { $0.criticality < criticality })
    let own = Double(self.requests(of: criticality))
    guard own > 0 else { return cut > begin ? settings.maxRejection : 0 }
    return min(settings.maxRejection, max(0, min(cut, begin + own) - begin) / own)
  }
}
