import Foundation

@testable import ResilienceTesting

extension ServerRequest {
  /// A request for tests of values.
  static func sample(
    _ method: String = "GET",
    _ path: String = "/",
    version: HTTPVersion = .oneOne,
    headers: ServerHeaders = ["Host": "x"]
  ) -> ServerRequest {
    ServerRequest(
      method: Method(rawValue: method),
      path: path,
      query: ServerQuery(""),
      headers: headers,
      body: Data(),
      version: version
    )
  }
}
