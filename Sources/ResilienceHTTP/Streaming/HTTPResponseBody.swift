public import Foundation

/// The body of a response, read while it arrives.
///
/// ```swift
/// for try await piece in body { try parser.feed(piece) }
/// ```
///
/// Pieces come as the network cuts them, after any decompression, none of them empty. While nobody
/// reads, at most 256 KiB and one piece wait in memory, and the peer is held back. All iterators of
/// one body read the same bytes, each byte once; one task at a time may wait for the next piece.
///
/// The body is of use within the closure that it was given to. Afterwards the transfer is over, and
/// reading throws a `CancellationError`.
public struct HTTPResponseBody: AsyncSequence, Sendable {
  /// A piece of the body.
  public typealias Element = Data

  let transfer: StreamedTransfer

  /// Reads the body from where it has been read to.
  public func makeAsyncIterator() -> Iterator { Iterator(transfer: transfer) }

  /// The beginning of what is left of the body, shorter if the body ends or breaks off.
  ///
  /// - Parameter limit: The most bytes; not negative.
  /// - Returns: At most so many bytes.
  func beginning(upTo limit: Int) async -> Data {
    var data = Data()
    while data.count < limit, let piece = try? await transfer.next() { data.append(piece) }
    return data.prefix(limit)
  }

  /// Reads a body piece by piece.
  public struct Iterator: AsyncIteratorProtocol {
    let transfer: StreamedTransfer

    /// The next piece, or `nil` after the last.
    ///
    /// - Returns: A piece that is not empty.
    /// - Throws: ``ResponseTooLarge`` beyond the bound; `URLError` if the body breaks off;
    ///   `CancellationError` if the task is cancelled, and after the end of the closure;
    ///   ``BodyIsBeingRead``.
    public mutating func next() async throws -> Data? { try await transfer.next() }

    /// As ``next()``, on the isolation of the caller.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws -> Data? {
      try await transfer.next()
    }
  }
}
