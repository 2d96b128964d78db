public import Resilience

#if canImport(FoundationNetworking)
  internal import Foundation
  public import FoundationNetworking
#else
  public import Foundation
#endif

extension URLRequest {
  /// How much the request matters, as its header field `X-Request-Criticality` says.
  ///
  /// `nil` if it has none, or one that says nothing. Setting `nil` removes the field. A request that
  /// has the field keeps it, whatever has been stated where it is sent.
  public var criticality: Criticality? {
    get { Criticality(headerField: value(forHTTPHeaderField: Criticality.headerField)) }
    set { setValue(newValue?.description, forHTTPHeaderField: Criticality.headerField) }
  }
}
