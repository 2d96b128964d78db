internal import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// The error of a session as it was meant.
///
/// Where `URLSession` is built on libcurl, two of its codes say something else than they mean: bytes
/// that are no HTTP are reported as an unsupported URL, and any failure on a connection whose first
/// address had refused (`localhost` on a server without IPv6) as a refused connection, which would
/// let a request be repeated that the server has acted on.
func sessionError(_ error: any Error, hasConnected: Bool) -> any Error {
  guard let error = error as? URLError else { return error }
  #if canImport(FoundationNetworking)
    switch error.code {
    case .unsupportedURL: return URLError(.badServerResponse, userInfo: error.userInfo)
    case .cannotConnectToHost where hasConnected:
      return URLError(.networkConnectionLost, userInfo: error.userInfo)
    default: break
    }
  #endif
  return error
}
