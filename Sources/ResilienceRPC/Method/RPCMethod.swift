/// A method of a service: its name, its messages, and whether it may be carried out twice.
///
/// ```swift
/// extension RPCMethod where Request == GetUserRequest, Response == User {
///   static var getUser: Self { Self("acme.v1.UserService/GetUser", .noSideEffects) }
/// }
/// ```
public struct RPCMethod<Request: RPCMessage, Response: RPCMessage>: Sendable {
  /// The name of the method.
  public let name: RPCMethodName

  /// What the schema says about carrying it out twice.
  public let idempotency: RPCIdempotency

  /// Creates a method.
  ///
  /// - Parameters:
  ///   - name: The full name of the service, a slash, and the name of the method.
  ///   - idempotency: What the schema says about carrying it out twice.
  public init(_ name: RPCMethodName, _ idempotency: RPCIdempotency = .unknown) {
    self.name = name
    self.idempotency = idempotency
  }
}

/// The full name of a method, such as `acme.v1.UserService/GetUser`.
public struct RPCMethodName: Hashable, Sendable, CustomStringConvertible {
  /// The full name of the service, with its package.
  public let service: String

  /// The name of the method.
  public let method: String

  /// Creates a name.
  ///
  /// - Parameters:
  ///   - service: The full name of the service, with its package.
  ///   - method: The name of the method.
  /// - Precondition: Both are words of letters, digits and `_`, with a `.` between two.
  public init(service: String, method: String) {
    precondition(
      service.isSchemaName && method.isSchemaName,
      "“\(service)/\(method)” is no name of a method"
    )
    self.service = service
    self.method = method
  }

  /// Reads a name that was received; `nil` if it is none.
  ///
  /// - Parameter path: The service, a slash and the method; another slash may stand before it.
  public init?(path: String) {
    let parts = (path.hasPrefix("/") ? path.dropFirst() : path[...])
      .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(\.isSchemaName) else { return nil }
    service = parts[0]
    method = parts[1]
  }

  /// The service, a slash, and the method.
  public var description: String { "\(service)/\(method)" }
}

extension RPCMethodName: ExpressibleByStringLiteral {
  /// Creates a name from a literal such as `"acme.v1.UserService/GetUser"`.
  ///
  /// - Precondition: It is a name of a method.
  public init(stringLiteral path: String) {
    guard let name = RPCMethodName(path: path) else {
      preconditionFailure("“\(path)” is no name of a method")
    }
    self = name
  }
}

extension String {
  /// Whether it is made of words, so that no part of a path is `.` or `..`.
  fileprivate var isSchemaName: Bool {
    utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { word in
      !word.isEmpty
        && word.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
        }
    }
  }
}
