internal import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// A response that is kept, and for how long it may be used.
struct StoredResponse: Sendable {
  /// When a response came, by the clock that measures and by the calendar.
  struct Arrival: Sendable {
    let asked: Moment
    let received: Moment
    /// Seconds since 1970.
    let date: Int
  }

  /// How old a kept response is when it is used.
  struct Use: Hashable, Sendable {
    let age: Duration
    /// How long it has not been fresh any more; `nil` while it is.
    let staleness: Duration?
  }

  /// The most field names that a response may vary by.
  static let mostVaryingFields = 16

  let body: Data
  let response: HTTPURLResponse

  /// The names of the fields of the request that the response depends on, in lower case and in order.
  let varying: [String]

  /// What it takes of the bytes that a store may have.
  let bytes: Int

  /// When it was asked for.
  let asked: Moment
  private let received: Moment
  private let initialAge: Duration
  private let lifetime: Duration
  private let staleIfError: Int?
  private let mustRevalidate: Bool

  /// Keeps a response, if it may be kept by a private cache; else it is `nil`.
  ///
  /// It may not if it is no whole success, or one side forbids to keep it, or to use it unconfirmed.
  ///
  /// - Parameters:
  ///   - body: Its body.
  ///   - response: Its head.
  ///   - asked: What it is the answer to.
  ///   - arrival: When it came.
  ///
  /// ## Source
  /// [RFC 9111, sections 3, 4.1 and 4.2](https://www.rfc-editor.org/rfc/rfc9111#section-3).
  init?(_ body: Data, _ response: HTTPURLResponse, to asked: AskedResource, _ arrival: Arrival) {
    guard [200, 203, 204].contains(response.statusCode) else { return nil }
    let headers = HTTPHeaders(response)
    let control = CacheControl(headers["Cache-Control"])
    guard !control.noStore, !control.noCache, !asked.control.noStore,
      let varying = Self.varying(headers["Vary"])
    else { return nil }
    self.body = body
    self.response = response
    self.varying = varying
    self.asked = arrival.asked
    received = arrival.received
    staleIfError = control.staleIfError
    mustRevalidate = control.mustRevalidate
    let times = ResponseTimes(headers, arrival)
    initialAge = times.initialAge
    lifetime = control.maxAge.map { .seconds($0) } ?? times.lifetimeByExpires
    let fields = headers.names.reduce(0) { $0 + $1.utf8.count + (headers[$1]?.utf8.count ?? 0) }
    let key = asked.key.identity.reduce(asked.key.address.utf8.count) { $0 + ($1?.utf8.count ?? 0) }
    let values = varying.reduce(0) { $0 + $1.utf8.count + (asked.fields[$1]?.utf8.count ?? 0) }
    // A round sum for what the structures take.
    bytes = body.count + 2 * (fields + key + values) + 1_024
  }

  /// The names in a `Vary`; `nil` if it says everything, or more than is looked at.
  static func varying(_ value: String?) -> [String]? {
    guard let value else { return [] }
    guard value.utf8.count <= CacheControl.longestValue else { return nil }
    let names = Set(
      value.split(separator: ",").map { String($0).trimmedBlanks.lowercased() }
        .filter { !$0.isEmpty }
    )
    guard !names.contains("*"), names.count <= mostVaryingFields else { return nil }
    return names.sorted()
  }

  /// How it may be used at `now` in place of an answer that has failed.
  ///
  /// - Parameters:
  ///   - now: The present.
  ///   - control: What the request says.
  ///   - bounds: What the store allows.
  /// - Returns: `nil` if it must not be used.
  ///
  /// ## Source
  /// [RFC 9111, section 4.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.4); [RFC 5861, section
  /// 4](https://www.rfc-editor.org/rfc/rfc5861#section-4).
  func use(at now: Moment, by control: CacheControl, within bounds: StaleBounds) -> Use? {
    guard !control.noStore, !control.noCache else { return nil }
    let age = initialAge + max(.zero, received.duration(to: now))
    if let maxAge = control.maxAge, age > .seconds(maxAge) { return nil }
    guard age >= lifetime else { return Use(age: age, staleness: nil) }
    guard !mustRevalidate, !control.mustRevalidate else { return nil }
    let said = [staleIfError, control.staleIfError].compactMap { $0 }.min()
    let limit = min(said.map { .seconds($0) } ?? bounds.whenUnsaid, bounds.longest)
    let staleness = age - lifetime
    return limit > .zero && staleness <= limit ? Use(age: age, staleness: staleness) : nil
  }

  /// The head of the response, with its `Age` as it is used.
  func response(aged age: Duration) -> HTTPURLResponse {
    guard let url = response.url else { return response }
    var headers = HTTPHeaders(response)
    headers["Age"] = "\(min(Int64(CacheControl.mostSeconds), age.components.seconds))"
    return HTTPURLResponse(
      url: url,
      statusCode: response.statusCode,
      httpVersion: "HTTP/1.1",
      headerFields: Dictionary(
        uniqueKeysWithValues: headers.names.map { ($0, headers[$0] ?? "") }
      )
    ) ?? response
  }
}

/// How stale what is used may be.
struct StaleBounds: Hashable, Sendable {
  /// Where neither side says it.
  let whenUnsaid: Duration
  /// Whatever is said.
  let longest: Duration
}

/// What a response says about its age and how long it is fresh.
///
/// ## Source
/// [RFC 9111, sections 4.2.1 and 4.2.3](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.3).
struct ResponseTimes: Hashable {
  /// Its age when it came.
  let initialAge: Duration

  /// How long after its `Date` it expires; zero if it does not say so.
  let lifetimeByExpires: Duration

  init(_ headers: HTTPHeaders, _ arrival: StoredResponse.Arrival) {
    func date(_ name: String) -> Int? {
      headers[name].flatMap { HTTPDate($0.trimmedBlanks, now: arrival.date)?.seconds }
    }
    let sent = date("Date")
    let age = headers["Age"].flatMap { CacheControl.seconds($0.trimmedBlanks) } ?? 0
    let delay = max(.zero, arrival.asked.duration(to: arrival.received))
    let apparent = sent.map { max(0, arrival.date - $0) } ?? 0
    initialAge = max(.seconds(apparent), .seconds(age) + delay)
    let expires = date("Expires").map { max(0, $0 - (sent ?? arrival.date)) } ?? 0
    lifetimeByExpires = .seconds(min(expires, CacheControl.mostSeconds))
  }
}
