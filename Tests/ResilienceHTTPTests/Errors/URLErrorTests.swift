import Foundation
import Resilience
import Testing

@testable import ResilienceHTTP

@Suite("URLError as a call error")
struct URLErrorTests {
  private static let mistakes: [URLError.Code] = [
    .badURL, .unsupportedURL, .fileDoesNotExist, .noPermissionsToReadFile, .fileIsDirectory,
    .requestBodyStreamExhausted, .appTransportSecurityRequiresSecureConnection,
    .dataLengthExceedsMaximum,
  ]

  private static let certificates: [URLError.Code] = [
    .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
    .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid,
  ]

  private func check(_ code: URLError.Code, _ verdict: Verdict, _ advice: RetryAdvice) {
    let error: any Error = URLError(code)
    #expect(Classifier.standard.judge(error) == verdict)
    #expect((error as? any CallError)?.retryAdvice == advice)
  }

  @Test(
    "Someone on our side gave up",
    arguments: [URLError.Code.cancelled, .userCancelledAuthentication]
  )
  func cancelled(code: URLError.Code) { check(code, .ignored, .forbidden) }

  @Test("The caller's mistake", arguments: mistakes)
  func mistake(code: URLError.Code) { check(code, .ignored, .forbidden) }

  @Test(
    "The device is offline",
    arguments: [
      URLError.Code.notConnectedToInternet, .dataNotAllowed, .internationalRoamingOff,
      .callIsActive,
    ]
  )
  func offline(code: URLError.Code) { check(code, .ignored, .notProcessed) }

  @Test(
    "There is no service, and it has seen nothing",
    arguments: [URLError.Code.cannotConnectToHost, .cannotFindHost, .dnsLookupFailed]
  )
  func unreachable(code: URLError.Code) { check(code, .failure, .notProcessed) }

  @Test("TLS is wrong until someone mends it", arguments: certificates)
  func tls(code: URLError.Code) { check(code, .failure, .forbidden) }

  @Test(
    "The service answered: we may not",
    arguments: [
      URLError.Code.clientCertificateRejected, .clientCertificateRequired,
      .userAuthenticationRequired,
    ]
  )
  func refused(code: URLError.Code) { check(code, .success, .forbidden) }

  @Test(
    "A maze of redirects",
    arguments: [URLError.Code.httpTooManyRedirects, .redirectToNonExistentLocation]
  )
  func redirects(code: URLError.Code) { check(code, .failure, .forbidden) }

  @Test(
    "The service may have acted on it",
    arguments: [
      URLError.Code.timedOut, .networkConnectionLost, .badServerResponse, .cannotParseResponse,
      .zeroByteResource, .cannotDecodeContentData, .resourceUnavailable, .unknown,
    ]
  )
  func transient(code: URLError.Code) { check(code, .failure, .allowed) }
}

#if canImport(FoundationNetworking)
  @Suite("Errors of a session on libcurl")
  struct SessionErrorTests {
    private func code(_ code: URLError.Code, hasConnected: Bool) -> URLError.Code? {
      (sessionError(URLError(code), hasConnected: hasConnected) as? URLError)?.code
    }

    @Test("A refused connection after which something was sent was none")
    func refused() {
      #expect(code(.cannotConnectToHost, hasConnected: false) == .cannotConnectToHost)
      #expect(code(.cannotConnectToHost, hasConnected: true) == .networkConnectionLost)
    }

    @Test("An unsupported URL, when the request's own was checked, is an answer that is no HTTP")
    func garbage() {
      #expect(code(.unsupportedURL, hasConnected: false) == .badServerResponse)
      #expect(code(.timedOut, hasConnected: true) == .timedOut)
    }
  }
#endif
