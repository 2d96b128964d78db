public import Foundation
internal import Resilience

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// The body of a request as a value: what is sent, and whether it can be sent again.
///
/// ```swift
/// try await session.data(for: request, body: .file(report), through: pipeline)
/// ```
///
/// A retry sends the same bytes again, so it needs a body that can be had again: data, a file, or
/// streams made anew for each attempt. A body that can be sent ``once(_:)`` only is never sent a
/// second time, whatever a policy wants: the error of the first attempt comes out.
public struct HTTPBody: Sendable {
  enum Source: Sendable {
    case data(Data)
    case file(URL)
    case streams(@Sendable () throws -> InputStream)
    case once(OneShot)
  }

  let source: Source

  /// Bytes in memory.
  public static func data(_ data: Data) -> HTTPBody { HTTPBody(source: .data(data)) }

  /// The contents of a file, read while it is sent, anew for each attempt.
  ///
  /// The file must not change while a call is under way. One that is missing is a `URLError`.
  ///
  /// - Parameter file: A file URL.
  /// - Returns: The body.
  /// - Precondition: `file` is a file URL.
  public static func file(_ file: URL) -> HTTPBody {
    precondition(file.isFileURL, "need a file URL, not \(file)")
    return HTTPBody(source: .file(file))
  }

  /// The bytes of a stream that is made anew for each attempt; they are sent in chunks.
  ///
  /// - Parameter make: Makes a stream that nobody has opened, with the same bytes each time. What it
  ///   throws is thrown by the attempt.
  /// - Returns: The body.
  public static func streams(_ make: @escaping @Sendable () throws -> InputStream) -> HTTPBody {
    HTTPBody(source: .streams(make))
  }

  /// The bytes of a stream that can be read once, so that the request is never sent twice; they are
  /// sent in chunks.
  ///
  /// - Parameter stream: A stream that nobody has opened.
  /// - Returns: The body, which one call can use.
  public static func once(_ stream: sending InputStream) -> HTTPBody {
    HTTPBody(source: .once(OneShot(stream)))
  }

  /// Whether the body can be sent again.
  public var isReplayable: Bool {
    if case .once = source { false } else { true }
  }

  /// Another stream of the same bytes, for a session that has to send them again by itself.
  var anotherStream: InputStream? {
    if case .streams(let make) = source { try? make() } else { nil }
  }

  /// A stream that the first who asks gets.
  final class OneShot: Sendable {
    private let stream: Guarded<InputStream?>

    init(_ stream: sending InputStream) {
      self.stream = Guarded(stream)
    }

    func take() -> sending InputStream? {
      stream.withLock { stream in stream.take() }
    }
  }
}

extension URLSession {
  /// Makes the task of a request.
  ///
  /// - Throws: What making a stream threw; `URLError` if the only one has been used.
  func dataTask(for hop: Hop) throws -> URLSessionDataTask {
    var request = hop.request
    switch hop.body?.source {
    case nil:
      break
    case .data(let data):
      request.httpBody = data
    case .file(let file):
      return uploadTask(with: request, fromFile: file)
    case .streams(let make):
      request.httpBodyStream = try make()
    case .once(let stream):
      guard let stream = stream.take() else { throw URLError(.requestBodyStreamExhausted) }
      request.httpBodyStream = stream
    }
    return dataTask(with: request)
  }
}
