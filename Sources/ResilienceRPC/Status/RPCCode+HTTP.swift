extension RPCCode {
  /// The code of a response that says nothing but its HTTP status, 200 excluded.
  ///
  /// Connect and gRPC agree: 400 is ``internal``, 401 ``unauthenticated``, 403
  /// ``permissionDenied``, 404 ``unimplemented``, 429, 502, 503 and 504 ``unavailable``, and all
  /// others ``unknown``. Such a status comes from something in between, which knows no codes.
  ///
  /// ## Source
  /// [gRPC, HTTP to gRPC status code
  /// mapping](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md); [Connect,
  /// HTTP to error code](https://connectrpc.com/docs/protocol/#http-to-error-code).
  ///
  /// - Parameter status: The status.
  public init(httpStatus status: Int) {
    self =
      switch status {
      case 400: .internal
      case 401: .unauthenticated
      case 403: .permissionDenied
      case 404: .unimplemented
      case 429, 502, 503, 504: .unavailable
      default: .unknown
      }
  }

  /// The HTTP status with which a Connect server sends the code.
  ///
  /// ## Source
  /// [Connect, Error codes](https://connectrpc.com/docs/protocol/#error-codes).
  public var httpStatus: Int {
    switch self {
    case .cancelled: 499
    case .unknown, .internal, .dataLoss: 500
    case .invalidArgument, .failedPrecondition, .outOfRange: 400
    case .deadlineExceeded: 504
    case .notFound: 404
    case .alreadyExists, .aborted: 409
    case .permissionDenied: 403
    case .resourceExhausted: 429
    case .unimplemented: 501
    case .unavailable: 503
    case .unauthenticated: 401
    }
  }
}
