internal import Foundation

/// The pieces of a body between the session that receives them and the task that reads them, as a
/// value.
///
///     put …  ──▶ [ piece, piece, … ] ──▶ … take
///                  └── holds the session back from `capacity` bytes on, until half of it is left
struct BodyQueue: Sendable {
  /// What a reader finds.
  enum Taken: Sendable {
    /// A piece; `releases` if the session may send again.
    case piece(Data, releases: Bool)
    /// Nothing yet.
    case nothing
    /// The body was complete.
    case end
    case failed(any Error)
  }

  private let bound: ResponseBound
  private let capacity: Int
  private var pieces: [Data] = []
  /// Index of the first piece that nobody has taken.
  private var first = 0
  private var ending: Result<Void, any Error>?

  /// Bytes that nobody has taken.
  private(set) var buffered = 0
  /// Bytes of the whole body so far.
  private(set) var received = 0
  /// Whether the session is held back.
  private(set) var isHolding = false

  /// Creates an empty queue.
  ///
  /// - Parameters:
  ///   - bound: The longest body.
  ///   - capacity: Bytes from which on the session is held back. At least 1.
  init(bound: ResponseBound, capacity: Int) {
    self.bound = bound
    self.capacity = capacity
  }

  /// Whether nothing more will be put in.
  var hasEnded: Bool { ending != nil }

  /// Takes in a piece; an empty one, or one after the end, changes nothing.
  ///
  /// - Returns: Whether the session is to be held back from now on.
  /// - Throws: ``ResponseTooLarge`` if the body is too long with it; ``ReaderTooSlow`` if too much
  ///   waits though the session should be held back. It is also the end for the reader, after the
  ///   pieces before.
  mutating func put(_ piece: Data) throws -> Bool {
    guard !hasEnded, !piece.isEmpty else { return false }
    guard piece.count <= bound.limit - received else {
      ending = .failure(bound.tooLarge)
      throw bound.tooLarge
    }
    guard buffered + piece.count <= ReaderTooSlow.limit else {
      ending = .failure(ReaderTooSlow())
      throw ReaderTooSlow()
    }
    pieces.append(piece)
    received += piece.count
    buffered += piece.count
    guard buffered >= capacity, !isHolding else { return false }
    isHolding = true
    return true
  }

  /// Ends the body, well or with an error, once; what is in it can still be taken.
  mutating func end(_ result: Result<Void, any Error>) {
    if ending == nil { ending = result }
  }

  /// Ends the body at once: what is in it is lost.
  ///
  /// - Returns: Whether the session was held back, and no longer is.
  mutating func abandon(_ error: any Error) -> Bool {
    pieces = []
    first = 0
    buffered = 0
    ending = .failure(error)
    defer { isHolding = false }
    return isHolding
  }

  /// Takes out the oldest piece, or what follows the last.
  ///
  /// - Complexity: O(1), amortised.
  mutating func take() -> Taken {
    guard first < pieces.count else {
      switch ending {
      case nil: return .nothing
      case .success: return .end
      case .failure(let error): return .failed(error)
      }
    }
    let piece = pieces[first]
    pieces[first] = Data()
    first += 1
    if first == pieces.count {
      pieces.removeAll(keepingCapacity: true)
      first = 0
    } else if first >= 64, first >= pieces.count / 2 {
      pieces.removeFirst(first)
      first = 0
    }
    buffered -= piece.count
    guard isHolding, buffered <= capacity / 2 else { return .piece(piece, releases: false) }
    isHolding = false
    return .piece(piece, releases: true)
  }
}
