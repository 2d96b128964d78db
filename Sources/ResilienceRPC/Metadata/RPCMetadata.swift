public import Foundation

/// What goes with a call beside its messages: names and values, in order; names are lower case.
///
/// A name may occur more than once. The value of a name that ends in `-bin` is bytes, which go over
/// the wire as base64. Names consist of `0-9 a-z _ - .`, values of printable ASCII and spaces; what
/// else a caller gives is found when it is to be sent.
///
/// Names that begin with `connect-` or `grpc-` belong to the protocols, and those that say how a
/// message is sent to HTTP: `content-type`, `content-length`, `content-encoding`, `accept-encoding`,
/// `te`, `trailer`, `transfer-encoding`, `connection`, `keep-alive`, `proxy-connection`, `upgrade`,
/// `expect` and `host`. In what a server sends back `trailer-` is Connect's as well. A client refuses
/// them; a server leaves them out, so that a handler may hand on what it was told.
///
/// ## Source
/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests),
/// “Custom-Metadata”; [Connect, Unary-Request](https://connectrpc.com/docs/protocol/#unary-request).
public struct RPCMetadata: Hashable, Sendable {
  /// One name and its value as text; base64 for a name that ends in `-bin`.
  public struct Field: Hashable, Sendable {
    /// The name, in lower case.
    public let name: String

    /// The value.
    public let value: String
  }

  /// All fields, in order.
  public private(set) var fields: [Field] = []

  /// Creates metadata without a field.
  public init() {}

  /// The first value of a name; setting replaces all, and setting `nil` removes them.
  public subscript(name: String) -> String? {
    get {
      let name = name.lowercased()
      return fields.first { $0.name == name }?.value
    }
    set {
      let lowercased = name.lowercased()
      fields.removeAll { $0.name == lowercased }
      if let newValue { add(name, newValue) }
    }
  }

  /// All values of a name, in order.
  public func values(of name: String) -> [String] {
    let name = name.lowercased()
    return fields.filter { $0.name == name }.map(\.value)
  }

  /// The bytes of a name that ends in `-bin`: those of the first value that is base64.
  public func bytes(of name: String) -> Data? {
    values(of: name).lazy.compactMap { Base64.decode($0) }.first
  }

  /// Adds a value and keeps those of the same name.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name.lowercased(), value: value))
  }

  /// Adds a value as it was received: those of a name that ends in `-bin` may come joined by commas.
  mutating func add(_ name: String, received value: String) {
    guard name.lowercased().hasSuffix("-bin"), value.utf8.contains(UInt8(ascii: ",")) else {
      return add(name, value)
    }
    // Base64 has no comma.
    for part in value.split(separator: ",") {
      add(name, String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
    }
  }

  /// Adds bytes and keeps those of the same name.
  ///
  /// - Parameters:
  ///   - name: The name; must end in `-bin`.
  ///   - bytes: The value.
  /// - Precondition: The name ends in `-bin`.
  public mutating func add(_ name: String, bytes: Data) {
    precondition(
      name.lowercased().hasSuffix("-bin"),
      "the name of bytes ends in -bin, not “\(name)”"
    )
    add(name, Base64.encode(bytes))
  }

  /// This metadata, and then the other's; where both have a name, the other's values count.
  public func merging(_ other: RPCMetadata) -> RPCMetadata {
    let names = Set(other.fields.map(\.name))
    var merged = self
    merged.fields.removeAll { names.contains($0.name) }
    merged.fields += other.fields
    return merged
  }

  /// Whether there is no field.
  public var isEmpty: Bool { fields.isEmpty }
}

extension RPCMetadata: ExpressibleByDictionaryLiteral {
  /// Creates metadata from a literal, in its order; a name may occur more than once.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }
}

extension RPCMetadata {
  /// The fields, if all of them may be sent.
  ///
  /// - Throws: ``RPCFault/invalidMetadata(name:)`` for the first that may not.
  func checked() throws(RPCFault) -> [Field] {
    for field in fields where !field.isSendable || field.name.isReservedMetadataName {
      throw .invalidMetadata(name: field.name)
    }
    return fields
  }

  /// What of it a server may send: without the names that are not the handler's.
  ///
  /// - Throws: ``RPCFault/invalidMetadata(name:)`` for the first of the rest that cannot be sent.
  func ofResponse() throws(RPCFault) -> RPCMetadata {
    var rest = RPCMetadata()
    for field in fields {
      let isReserved =
        field.name.isReservedMetadataName || field.name.hasPrefix(ConnectProtocol.trailerPrefix)
      if isReserved, field.name != RetryPushback.metadataName { continue }
      guard field.isSendable else { throw .invalidMetadata(name: field.name) }
      rest.fields.append(field)
    }
    return rest
  }

  /// The fields that are metadata; HTTP allows more.
  var readable: RPCMetadata {
    var rest = self
    rest.fields.removeAll { !$0.isSendable }
    return rest
  }
}

extension RPCMetadata.Field {
  /// Whether name and value are such as may be sent.
  fileprivate var isSendable: Bool {
    guard name.isMetadataName, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      return false
    }
    // The values of one name may come joined.
    return !name.hasSuffix("-bin")
      || value.split(separator: ",").allSatisfy { part in
        Base64.decode(part.filter { $0 != " " }) != nil
      }
  }
}

extension String {
  private static let metadataPunctuation = Set("_-.".utf8)

  fileprivate var isMetadataName: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
          || Self.metadataPunctuation.contains(byte)
      }
  }

  /// Whether the name belongs to the protocols, or to the layer below.
  fileprivate var isReservedMetadataName: Bool {
    hasPrefix("connect-") || hasPrefix("grpc-") || Self.namesOfHTTP.contains(self)
  }

  private static let namesOfHTTP: Set = [
    "content-type", "content-length", "content-encoding", "accept-encoding", "te", "trailer",
    "transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade", "expect",
    "host",
  ]
}
