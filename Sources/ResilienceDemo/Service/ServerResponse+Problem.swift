import ResilienceTesting

extension ServerResponse {
  /// A response that says as JSON what is wrong.
  ///
  /// - Parameters:
  ///   - title: What is wrong, in a sentence.
  ///   - status: The status.
  ///   - seconds: When the client may come again; `nil` to say nothing.
  /// - Returns: The response.
  /// - Throws: The encoder's error.
  static func problem(
    _ title: String,
    status: Int,
    retryAfterSeconds seconds: Int? = nil
  ) throws -> Self {
    var response = try json(Problem(title: title, status: status), status: status)
    response.headers["Content-Type"] = "application/problem+json"
    if let seconds { response.headers["Retry-After"] = "\(seconds)" }
    return response
  }
}
