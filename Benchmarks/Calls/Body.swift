/// Makes so many calls, in one loop, on the isolation of whoever runs it.
typealias Body = @Sendable (_ calls: Int) async throws -> Void

/// A case that did not do what its name says.
struct Unexpected: Error, CustomStringConvertible {
  let description: String
}
