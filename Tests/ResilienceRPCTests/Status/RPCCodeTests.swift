import Foundation
import Resilience
import Testing

@testable import ResilienceRPC

@Suite("Codes")
struct RPCCodeTests {
  @Test("Sixteen codes have the numbers and names of gRPC and Connect")
  func names() {
    #expect(RPCCode.allCases.map(\.rawValue) == Array(1...16))
    #expect(RPCCode.cancelled.connectName == "canceled")
    #expect(RPCCode.cancelled.grpcName == "CANCELLED")
    #expect(RPCCode.deadlineExceeded.connectName == "deadline_exceeded")
    #expect(RPCCode.deadlineExceeded.grpcName == "DEADLINE_EXCEEDED")
    for code in RPCCode.allCases {
      #expect(RPCCode(connectName: code.connectName) == code)
      #expect(RPCCode(grpcName: code.grpcName) == code)
      #expect(RPCCode(grpcName: code.grpcName.lowercased()) == code)
    }
    #expect(RPCCode(connectName: "UNAVAILABLE") == nil)
    #expect(RPCCode(grpcName: "OK") == nil)
  }

  @Test(
    "The table of verdicts and retries",
    arguments: [
      (RPCCode.cancelled, Verdict.ignored, RetryAdvice.forbidden),
      (.unknown, .failure, .allowed), (.invalidArgument, .success, .forbidden),
      (.deadlineExceeded, .failure, .allowed), (.notFound, .success, .forbidden),
      (.alreadyExists, .success, .forbidden), (.permissionDenied, .success, .forbidden),
      (.resourceExhausted, .failure, .forbidden), (.failedPrecondition, .success, .forbidden),
      (.aborted, .success, .forbidden), (.outOfRange, .success, .forbidden),
      (.unimplemented, .success, .forbidden), (.internal, .failure, .allowed),
      (.unavailable, .failure, .allowed), (.dataLoss, .failure, .forbidden),
      (.unauthenticated, .success, .forbidden),
    ]
  )
  func table(code: RPCCode, verdict: Verdict, advice: RetryAdvice) {
    let status = RPCStatus(code)
    #expect(status.verdict == verdict)
    #expect(status.retryAdvice == advice)
  }

  @Test("What may be retried is a failure, else a retry would not see it")
  func consistency() {
    for code in RPCCode.allCases {
      for pushback in [RetryPushback.unsaid, .after(.seconds(1)), .never] {
        #expect(code.verdict == .failure || code.retryAdvice(pushback) == .forbidden, "\(code)")
      }
    }
  }

  @Test("A push-back floors the retry of what may be retried, and of an exhausted resource")
  func pushback() {
    for code in RPCCode.allCases {
      let advice = code.retryAdvice(.after(.seconds(3)))
      let isRetried: Set<RPCCode> = [
        .unknown, .deadlineExceeded, .internal, .unavailable, .resourceExhausted,
      ]
      #expect(advice == (isRetried.contains(code) ? .allowedAfter(.seconds(3)) : .forbidden))
      #expect(code.retryAdvice(.never) == .forbidden)
    }
  }

  @Test(
    "HTTP statuses without a code have that of the table of Connect, which is that of gRPC",
    arguments: [
      (400, RPCCode.internal), (401, .unauthenticated), (403, .permissionDenied),
      (404, .unimplemented), (408, .unknown), (409, .unknown), (412, .unknown), (413, .unknown),
      (429, .unavailable), (431, .unknown), (500, .unknown), (501, .unknown), (502, .unavailable),
      (503, .unavailable), (504, .unavailable), (505, .unknown), (302, .unknown), (0, .unknown),
    ]
  )
  func fromHTTP(status: Int, code: RPCCode) {
    #expect(RPCCode(httpStatus: status) == code)
  }

  @Test(
    "Codes have the HTTP statuses of Connect",
    arguments: zip(
      RPCCode.allCases,
      [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401]
    )
  )
  func toHTTP(code: RPCCode, status: Int) {
    #expect(code.httpStatus == status)
  }
}

@Suite("Status")
struct RPCStatusTests {
  @Test(
    "A push-back is milliseconds without unnecessary zeros, or asks not to retry",
    arguments: [
      (nil, RetryPushback.unsaid), ("0", .after(.zero)), ("1500", .after(.milliseconds(1_500))),
      ("2147483647", .after(.milliseconds(2_147_483_647))), ("2147483648", .never), ("-1", .never),
      ("", .never), ("abc", .never), ("01", .never), ("+1", .never), ("1.5", .never),
      (" 1", .never), ("-0", .never),
    ] as [(String?, RetryPushback)]
  )
  func pushback(text: String?, pushback: RetryPushback) {
    #expect(RetryPushback(text) == pushback)
    var trailers = RPCMetadata()
    trailers[RetryPushback.metadataName] = text
    #expect(RPCStatus(.unavailable, trailers: trailers).retryPushback == pushback)
  }

  @Test("A detail RetryInfo is a push-back where the metadata has none")
  func retryInfo() throws {
    // google.rpc.RetryInfo { retry_delay { seconds: 2 nanos: 500000000 } }, by hand.
    let bytes = Data([0x0A, 0x08, 0x08, 0x02, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01])
    let detail = RPCDetail(type: "type.googleapis.com/google.rpc.RetryInfo", bytes: bytes)
    #expect(detail.type == "google.rpc.RetryInfo")
    let status = RPCStatus(.resourceExhausted, details: [detail])
    #expect(status.retryAdvice == .allowedAfter(.milliseconds(2_500)))
    let both = RPCStatus(.unavailable, details: [detail], trailers: ["grpc-retry-pushback-ms": "7"])
    #expect(both.retryAdvice == .allowedAfter(.milliseconds(7)))
    let broken = RPCDetail(type: "google.rpc.RetryInfo", bytes: Data([0x0A, 0x7F]))
    #expect(RPCStatus(.unavailable, details: [broken]).retryPushback == .unsaid)
  }

  @Test("A status of HTTP means what it means there")
  func http() {
    func status(_ status: Int, headers: RPCMetadata = [:]) -> RPCStatus {
      RPCStatus(
        RPCCode(httpStatus: status),
        headers: headers,
        origin: .http(status: status)
      )
    }
    #expect(status(503).retryAdvice == .allowed)
    #expect(status(503, headers: ["retry-after": "9"]).retryAdvice == .allowedAfter(.seconds(9)))
    #expect(status(400).verdict == .success)
    #expect(status(425).retryAdvice == .notProcessed)
    #expect(status(404).verdict == .success)
  }

  @Test("What the transport threw means what it means there")
  func transport() {
    let refused = RPCStatus.transport(URLError(.cannotConnectToHost), method: "a.B/C")
    #expect(refused.code == .unavailable)
    #expect(refused.verdict == .failure)
    #expect(refused.retryAdvice == .notProcessed)
    let late = RPCStatus.transport(URLError(.timedOut), method: "a.B/C")
    #expect(late.code == .deadlineExceeded)
    #expect(late.retryAdvice == .allowed)
    let cancelled = RPCStatus.transport(URLError(.cancelled), method: "a.B/C")
    #expect(cancelled.code == .cancelled)
    #expect(cancelled.verdict == .ignored)
    #expect(cancelled.retryAdvice == .forbidden)
    let timedOut = RPCStatus.transport(
      TimedOut(policy: "x", limit: .seconds(2)),
      method: "a.B/C"
    )
    #expect(timedOut.code == .deadlineExceeded)
    #expect(timedOut.message == "“x” took longer than 2.0 seconds")
    #expect(timedOut.verdict == .failure)
    #expect(timedOut.retryAdvice == .allowed)
  }

  @Test("A fault that the client found is ignored and not repeated, but for two")
  func faults() {
    let faults: [RPCFault] = [
      .deadlinePassed, .invalidMetadata(name: "x"), .notEncodable(URLError(.badURL)),
      .requestTooLarge(bytes: 2, limit: 1), .notDecodable(URLError(.badURL)),
      .unexpectedContentType("text/html"), .compressedMessage, .invalidFrame(flags: 4),
      .messageCount(2), .invalidEnd,
    ]
    for fault in faults {
      let status = RPCStatus(fault, method: "a.B/C")
      #expect(status.verdict == .ignored, "\(fault)")
      #expect(status.retryAdvice == .forbidden, "\(fault)")
      #expect(!status.message.isEmpty)
    }
    let broken = RPCStatus(.truncatedResponse, method: "a.B/C")
    #expect(broken.verdict == .failure)
    #expect(broken.retryAdvice == .allowed)
    let large = RPCStatus(.responseTooLarge(limit: 9), method: "a.B/C")
    #expect(large.verdict == .success)
    #expect(large.retryAdvice == .forbidden)
  }

  @Test("The description has the method, the code and the beginning of the message")
  func description() {
    let long = String(repeating: "x", count: 300)
    let status = RPCStatus(.notFound, long, method: "a.B/C")
    #expect("\(status)" == "a.B/C: NOT_FOUND: " + String(repeating: "x", count: 200))
    #expect("\(RPCStatus(.internal))" == "INTERNAL")
  }
}
