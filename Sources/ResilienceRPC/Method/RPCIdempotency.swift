/// What a method's schema says about carrying it out twice.
///
/// ## Source
/// `MethodOptions.IdempotencyLevel` of
/// [descriptor.proto](https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto).
public enum RPCIdempotency: Hashable, Sendable, CaseIterable {
  /// Nothing is said: a call is repeated only if the service has not acted on it.
  case unknown

  /// Twice is as good as once, such as for a deletion.
  case idempotent

  /// It only reads: it may be repeated, and asked for with GET by a client that does so.
  case noSideEffects

  /// Whether a call may be carried out twice.
  public var isRepeatable: Bool { self != .unknown }
}
