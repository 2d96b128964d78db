// Types of the shape of grpc-swift-2 (GRPCCore 2.4), as far as an interceptor sees them, so that the
// recipe for it is compiled and run without the library.

struct RPCError: Error {
  struct Code: Hashable, Sendable {
    let rawValue: Int
  }

  var code: Code
  var message = ""
  var metadata = Metadata()
}

struct Metadata: Sendable {
  private(set) var pairs: [(key: String, value: String)] = []

  mutating func replaceOrAddString(_ value: String, forKey key: String) {
    pairs.removeAll { $0.key == key }
    pairs.append((key, value))
  }

  subscript(stringValues key: String) -> some Sequence<String> {
    pairs.filter { $0.key == key }.map(\.value)
  }
}

struct MethodDescriptor: Sendable {
  var fullyQualifiedMethod: String
}

struct ClientContext: Sendable {
  var descriptor: MethodDescriptor
}

struct StreamingClientRequest<Message: Sendable>: Sendable {
  var metadata = Metadata()
}

struct StreamingClientResponse<Message: Sendable>: Sendable {
  struct Contents: Sendable {
    var messages: [Message]
  }

  var accepted: Result<Contents, RPCError>

  init(messages: [Message]) {
    accepted = .success(Contents(messages: messages))
  }

  init(of messageType: Message.Type = Message.self, error: RPCError) {
    accepted = .failure(error)
  }
}

protocol ClientInterceptor: Sendable {
  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>,
    context: ClientContext,
    next: (
      _ request: StreamingClientRequest<Input>,
      _ context: ClientContext
    ) async throws -> StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output>
}
