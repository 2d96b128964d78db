import Foundation

/// What goes on the wire for one request, and what becomes of the connection, as a value.
struct Reply: Sendable, Equatable {
  enum Ending: Sendable, Equatable {
    /// The connection waits for the next request.
    case keepOpen
    /// The connection is closed in good order (FIN).
    case close
    /// The connection is broken off (RST).
    case reset
    /// Nothing more happens until the fault is healed.
    case hang(FaultScript.ID)
  }

  /// The speed of a reply that does not go out in one piece.
  struct Pace: Sendable, Equatable {
    let bytes: Int
    let interval: Duration
  }

  var bytes: [UInt8] = []
  /// What goes on the wire behind `bytes`, again and again, until the client goes away.
  var endless: [UInt8]?
  /// The pause after each of these; `nil` for none.
  var endlessInterval: Duration?
  /// What is written behind `bytes` while it is sent.
  var stream: ServerBodyStream?
  /// Whether what is written goes into chunks, which a client of HTTP/1.0 does not know.
  var isChunked = true
  var pace: Pace?
  var ending: Ending
  var outcome: ServerExchange.Outcome
}

extension Reply {
  /// Announced for an empty body that has to be cut.
  private static let emptyBodyLength = 1_024

  /// The reply to a request that no fault hit.
  init(_ response: ServerResponse, as form: ResponseSerializer) {
    self.init(
      bytes: form.head(of: response) + form.body(of: response),
      ending: form.keepsOpen(after: response) ? .keepOpen : .close,
      outcome: .status(response.sentStatus)
    )
    guard let stream = response.stream, form.allowsBody(response) else { return }
    self.stream = stream
    isChunked = form.version == .oneOne
    if !isChunked { ending = .close }
  }

  /// The reply to bytes that are not a request.
  init(_ error: RequestError) {
    let form = ResponseSerializer(method: .get, version: .oneOne, keepsOpen: false)
    self.init(.text("\(error.reason)\n", status: error.status), as: form)
  }

  /// The reply that needs no handler, or nil if the fault `hit` spoils a handler's response.
  init?(_ hit: FaultScript.Hit, as form: ResponseSerializer) {
    let outcome = ServerExchange.Outcome.fault(hit.fault)
    switch hit.fault.kind {
    case .status(let response):
      self.init(response, as: form)
      self.outcome = outcome
    case .hang: self.init(ending: .hang(hit.id), outcome: outcome)
    case .reset(.beforeHandler): self.init(ending: .reset, outcome: outcome)
    case .garbage(let bytes):
      self.init(bytes: Array(bytes), ending: .close, outcome: outcome)
    case .endlessHeaders, .endlessBody, .inflating:
      guard let reply = Reply(hit.fault.kind, as: form) else { return nil }
      self = reply
      self.outcome = outcome
    case .reset, .truncatedBody, .drip, .latency, .refuse, .headerFlood, .contentType: return nil
    }
  }

  /// The handler's response, spoilt by `fault` where the fault does that.
  init(_ response: ServerResponse, as form: ResponseSerializer, spoiltBy fault: ServerFault?) {
    self.init(response.spoilt(by: fault), as: form)
    guard let fault else { return }
    outcome = .fault(fault)
    switch fault.kind {
    case .reset(let point):
      bytes = Self.cut(response, as: form, at: point)
      ending = .reset
    case .truncatedBody:
      bytes = Self.cut(response, as: form, at: .inBody)
      ending = .close
    case .drip(let bytes, let interval):
      pace = Pace(bytes: bytes, interval: interval)
    case .latency, .status, .hang, .refuse, .garbage, .headerFlood, .contentType,
      .endlessHeaders, .endlessBody, .inflating:
      break
    }
  }

  private static func cut(
    _ response: ServerResponse,
    as form: ResponseSerializer,
    at point: ServerFault.ResetPoint
  ) -> [UInt8] {
    let body = form.body(of: response)
    let isBodyMissing = body.isEmpty && form.allowsBody(response)
    let head = form.head(of: response, announcing: isBodyMissing ? emptyBodyLength : nil)
    switch point {
    case .beforeHandler, .afterHandler: return []
    case .inBody where form.allowsBody(response): return head + body.prefix(body.count / 2)
    case .inHeaders, .inBody: return Array(head.prefix(head.count / 2))
    }
  }
}

extension ServerResponse {
  /// This response with the fields that a fault adds or replaces.
  fileprivate func spoilt(by fault: ServerFault?) -> ServerResponse {
    var response = self
    switch fault?.kind {
    case .headerFlood(let fields, let bytes):
      for field in Reply.flood(fields, of: bytes) { response.headers.add(field.name, field.value) }
    case .contentType(let type):
      response.headers["Content-Type"] = type
    default:
      break
    }
    return response
  }
}
