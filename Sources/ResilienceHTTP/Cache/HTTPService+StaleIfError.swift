public import Foundation

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

extension HTTPService {
  /// Reads a resource, or what was kept of it if the service cannot answer.
  ///
  /// ```swift
  /// let user = try await users.get("users/\(id)", as: User.self, keeping: kept)
  /// print(user.value, user.isStale)
  /// ```
  ///
  /// - Parameters:
  ///   - path: The path below the base address.
  ///   - query: The query, in order.
  ///   - headers: Further header fields.
  ///   - type: What to decode.
  ///   - kept: Where responses are kept, before they are decoded.
  /// - Returns: The decoded response, and where it comes from.
  /// - Throws: What the call threw, if nothing is kept that may be used; ``HTTPDecodingError`` and
  ///   ``UnexpectedContentType``.
  public func get<Value: Decodable>(
    _ path: HTTPPath,
    query: [URLQueryItem] = [],
    headers: HTTPHeaders = [:],
    as type: Value.Type = Value.self,
    keeping kept: StaleIfError
  ) async throws -> KeptResponse<Value> {
    let accepting: HTTPHeaders = ["Accept": "application/json"]
    let headers = accepting.merging(self.headers).merging(headers)
    let request = try request("GET", path, query: query, headers: headers, body: nil)
    let answer = try await kept.answer(request, by: session) {
      try await send("GET", path, query: query, headers: headers)
    }
    return try answer.map { body in
      let origin = Origin(url: request.url ?? baseURL, method: "GET")
      return try decode(type, from: Answer(body: body, response: answer.response, origin: origin))
    }
  }
}
