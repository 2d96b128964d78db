/// What a call that did not succeed came to: one of the sixteen codes of gRPC and Connect.
///
/// ## Source
/// [gRPC, Status codes](https://github.com/grpc/grpc/blob/master/doc/statuscodes.md); [Connect,
/// Error codes](https://connectrpc.com/docs/protocol/#error-codes).
public enum RPCCode: Int, Hashable, Sendable, CaseIterable {
  /// Someone gave up, the caller as a rule.
  case cancelled = 1
  /// An error of unclear origin.
  case unknown = 2
  /// The request is wrong, whatever the state of the service.
  case invalidArgument = 3
  /// The deadline passed before the call was done.
  case deadlineExceeded = 4
  /// There is no such thing.
  case notFound = 5
  /// What was to be made is there.
  case alreadyExists = 6
  /// The caller is known and may not.
  case permissionDenied = 7
  /// A quota or a resource is used up.
  case resourceExhausted = 8
  /// The state of the service does not allow it; someone has to mend that first.
  case failedPrecondition = 9
  /// It got into the way of another call.
  case aborted = 10
  /// Past the end of what there is.
  case outOfRange = 11
  /// The service has no such method.
  case unimplemented = 12
  /// Something broke that must not break.
  case `internal` = 13
  /// The service cannot serve now.
  case unavailable = 14
  /// Data is lost or damaged for good.
  case dataLoss = 15
  /// The caller is not known.
  case unauthenticated = 16

  /// The name in gRPC, such as `INVALID_ARGUMENT`.
  public var grpcName: String {
    self == .cancelled ? "CANCELLED" : connectName.uppercased()
  }

  /// The name in Connect, such as `invalid_argument`.
  public var connectName: String {
    switch self {
    case .cancelled: "canceled"
    case .unknown: "unknown"
    case .invalidArgument: "invalid_argument"
    case .deadlineExceeded: "deadline_exceeded"
    case .notFound: "not_found"
    case .alreadyExists: "already_exists"
    case .permissionDenied: "permission_denied"
    case .resourceExhausted: "resource_exhausted"
    case .failedPrecondition: "failed_precondition"
    case .aborted: "aborted"
    case .outOfRange: "out_of_range"
    case .unimplemented: "unimplemented"
    case .internal: "internal"
    case .unavailable: "unavailable"
    case .dataLoss: "data_loss"
    case .unauthenticated: "unauthenticated"
    }
  }

  /// Reads a name of gRPC; its case does not matter.
  public init?(grpcName name: String) {
    guard let code = Self.byGRPCName[name.uppercased()] else { return nil }
    self = code
  }

  /// Reads a name of Connect.
  public init?(connectName name: String) {
    guard let code = Self.byConnectName[name] else { return nil }
    self = code
  }

  private static let byGRPCName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.grpcName, $0) }
  )

  private static let byConnectName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.connectName, $0) }
  )
}

extension RPCCode: CustomStringConvertible {
  /// The name in gRPC.
  public var description: String { grpcName }
}
