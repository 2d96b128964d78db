import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client of the user service.
protocol UserClient: Sendable {
  /// Makes a call.
  ///
  /// - Returns: What the service said, be it bad news.
  /// - Throws: Whatever kept the service from saying something.
  func send(_ call: UserCall) async throws -> UserReply

  /// Lets go of the connections.
  func close()
}

extension URLSessionConfiguration {
  /// What all clients use: nothing is kept between calls but connections.
  static func demo(_ limits: Limits) -> URLSessionConfiguration {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = TimeInterval(limits.bareTimeoutSeconds)
    configuration.httpMaximumConnectionsPerHost = limits.connectionsPerHost
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    return configuration
  }
}
