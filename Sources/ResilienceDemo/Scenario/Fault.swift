import ResilienceTesting

/// Something that goes wrong at the service, as scenarios say it: the same in reality and simulated.
enum Fault: Equatable, Sendable {
  /// It answers with a status, and perhaps says when to come back.
  case status(Int, retryAfterSeconds: Int? = nil)

  /// It takes requests and never answers.
  case hang

  /// Nobody listens.
  case refuse

  /// It resets the connection when it has read the request.
  case reset

  /// It answers later, by a time in this range.
  case latency(ClosedRange<Duration>)

  /// Its work takes this many times as long; it needs a capacity for that.
  case slowdown(Double)

  /// It serves a quota and locks out who asks for more.
  ///
  /// The quota is a multiple of the calls that arrive, in whole calls a second. Beyond it, in each second, it answers 429 with
  /// `Retry-After`, and whoever asks before that time is over waits all of it again.
  case quota(Double, retryAfterSeconds: Int)

  /// Whether a request that it hits still arrives at the service, so that it is counted there.
  var letsRequestsArrive: Bool { self != .refuse }
}

/// A fault, and which requests it hits.
struct ScopedFault: Equatable, Sendable {
  let fault: Fault

  /// The share of requests, drawn by chance, in 0...1; a quota, a slowdown and a port that is closed
  /// hit all of them.
  var share = 1.0

  /// The only replica that has it, from 1 on; `nil` for all.
  var replica: Int?

  /// Whether a replica has it; they are counted from 0 on.
  func hits(replica index: Int) -> Bool { replica.map { $0 - 1 == index } ?? true }
}

extension ScopedFault {
  /// What a server is told; `nil` for what the service sees to itself.
  var serverFault: ServerFault? {
    switch fault {
    case .status(let status, let seconds):
      .status(status, headers: seconds.map { ["Retry-After": "\($0)"] } ?? [:])
    case .hang: .hang
    case .refuse: .refuse
    case .reset: .reset(.beforeHandler)
    case .latency(let range): .latency(range)
    case .slowdown, .quota: nil
    }
  }

  /// Which requests a server is told to hit.
  var serverScope: FaultScope { share < 1 ? .rate(share) : .always }
}
