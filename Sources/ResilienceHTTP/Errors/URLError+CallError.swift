public import Foundation
public import Resilience

/// What policies make of the errors of `URLSession`.
///
/// | Code | Verdict | Retry | Because |
/// | --- | --- | --- | --- |
/// | `cancelled`, `userCancelledAuthentication` | ignored | no | Someone on our side gave up |
/// | `badURL`, `unsupportedURL`, `fileDoesNotExist`, `noPermissionsToReadFile`, `fileIsDirectory`, `requestBodyStreamExhausted`, `appTransportSecurityRequiresSecureConnection` | ignored | no | The caller's mistake; no service was asked |
/// | `dataLengthExceedsMaximum` | ignored | no | The caller's own bound |
/// | `notConnectedToInternet`, `dataNotAllowed`, `internationalRoamingOff`, `callIsActive` | ignored | any method, if a classifier makes it a failure | The device is offline, the service was not asked |
/// | `cannotConnectToHost`, `cannotFindHost`, `dnsLookupFailed` | failure | any method | There is no service, and it has seen nothing |
/// | `secureConnectionFailed` and the certificate codes | failure | no | Wrong until someone mends it, and trying again must not wear down a security check |
/// | `clientCertificateRejected`, `clientCertificateRequired`, `userAuthenticationRequired` | success | no | The service answered: we may not |
/// | `httpTooManyRedirects`, `redirectToNonExistentLocation` | failure | no | The service's maze stays as it is |
/// | `timedOut`, `networkConnectionLost`, `badServerResponse`, and all others | failure | yes | The service may have acted on it, so the method decides |
extension URLError: CallError {
  /// What the code says about the service, by the table above.
  public var verdict: Verdict { judgement.verdict }

  /// What the code says about repeating the request, by the table above.
  public var retryAdvice: RetryAdvice { judgement.advice }

  private var judgement: (verdict: Verdict, advice: RetryAdvice) {
    switch code {
    case .cancelled, .userCancelledAuthentication:
      (.ignored, .forbidden)
    case .badURL, .unsupportedURL, .fileDoesNotExist, .noPermissionsToReadFile, .fileIsDirectory,
      .requestBodyStreamExhausted, .appTransportSecurityRequiresSecureConnection,
      .dataLengthExceedsMaximum:
      (.ignored, .forbidden)
    case .notConnectedToInternet, .dataNotAllowed, .internationalRoamingOff, .callIsActive:
      (.ignored, .notProcessed)
    case .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed:
      (.failure, .notProcessed)
    case .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
      .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
      (.failure, .forbidden)
    case .clientCertificateRejected, .clientCertificateRequired, .userAuthenticationRequired:
      (.success, .forbidden)
    case .httpTooManyRedirects, .redirectToNonExistentLocation:
      (.failure, .forbidden)
    default:
      (.failure, .allowed)
    }
  }
}
