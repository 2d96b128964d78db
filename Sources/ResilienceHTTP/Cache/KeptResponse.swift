#if canImport(FoundationNetworking)
  public import FoundationNetworking
#else
  public import Foundation
#endif

/// A response, and whether it comes from the service or was kept from an earlier call.
public struct KeptResponse<Value> {
  /// The body, or what was decoded from it.
  public let value: Value

  /// The head of the response; of a kept one with its `Age`.
  public let response: HTTPURLResponse

  /// Where it comes from.
  public let source: ResponseSource

  /// Whether it is older than the service said it may be.
  public var isStale: Bool {
    if case .kept(_, _?, _) = source { true } else { false }
  }

  /// Why a kept response is used; `nil` if it comes from the service.
  public var cause: (any Error)? {
    if case .kept(_, _, let cause) = source { cause } else { nil }
  }

  func map<Other>(_ transform: (Value) throws -> Other) rethrows -> KeptResponse<Other> {
    KeptResponse<Other>(value: try transform(value), response: response, source: source)
  }
}

extension KeptResponse: Sendable where Value: Sendable {}

/// Where a response comes from.
public enum ResponseSource: Sendable {
  /// The service has just given it.
  case service

  /// It was given earlier, and is used since the call failed.
  ///
  /// Its age is since the service made it. Its staleness is for how long it has not been fresh any
  /// more, by what the service said of it; `nil` while it is.
  case kept(age: Duration, staleness: Duration?, cause: any Error)
}
