import Foundation

/// Collects the body of one request.
///
///     length ──────────────────────────────────────▶ done
///     size ──▶ data ──▶ dataEnd ──▶ size … ──▶ trailers ──▶ done
///
/// Chunk extensions and trailers are checked and skipped.
///
/// ## Source
/// [RFC 9112, section 7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1).
struct BodyReader: Sendable {
  private enum Stage: Equatable {
    case length(remaining: Int)
    case size
    case data(remaining: Int)
    case dataEnd
    case trailers(fields: Int, bytes: Int)
    case done
  }

  /// Longest line with the size of a chunk and its extensions.
  private static let sizeLineBytes = 256

  private let limits: ServerLimits
  private var stage: Stage
  private(set) var body = Data()

  init(_ framing: BodyFraming, limits: ServerLimits) {
    self.limits = limits
    switch framing {
    case .length(let length): stage = .length(remaining: length)
    case .chunked: stage = .size
    }
  }

  /// Takes what it can from `input`; returns whether the body is complete.
  mutating func read(from input: inout ByteQueue) throws(RequestError) -> Bool {
    while let next = try step(&input) { stage = next }
    return stage == .done
  }

  /// The next stage, or nil if this one is the last or needs more bytes.
  private mutating func step(_ input: inout ByteQueue) throws(RequestError) -> Stage? {
    switch stage {
    case .length(0): return .done
    case .length(let remaining): return take(remaining, &input).map { .length(remaining: $0) }
    case .data(0): return .dataEnd
    case .data(let remaining): return take(remaining, &input).map { .data(remaining: $0) }
    case .size: return try size(&input)
    case .dataEnd:
      guard let line = try input.line(limit: 0, beyond: .bareLineEnd) else { return nil }
      guard line.isEmpty else { throw .malformed("a chunk is longer than its size") }
      return .size
    case .trailers(let fields, let bytes): return try trailer(&input, fields, bytes)
    case .done: return nil
    }
  }

  /// Moves bytes into the body; returns how many of `count` remain, or nil if there were none.
  private mutating func take(_ count: Int, _ input: inout ByteQueue) -> Int? {
    let bytes = input.take(upTo: count)
    guard !bytes.isEmpty else { return nil }
    body.append(contentsOf: bytes)
    return count - bytes.count
  }

  private func size(_ input: inout ByteQueue) throws(RequestError) -> Stage? {
    let tooLong = RequestError.malformed("the line with a chunk's size is too long")
    guard let line = try input.line(limit: Self.sizeLineBytes, beyond: tooLong) else {
      return nil
    }
    let digits = line.prefix { $0.hexValue != nil }
    let rest = line[digits.endIndex...].drop(while: \.isBlank)
    guard !digits.isEmpty, rest.isEmpty || rest.first == UInt8(ascii: ";"),
      rest.allSatisfy(\.isFieldContent)
    else { throw .malformed("the size of a chunk is malformed") }
    var size = 0
    for digit in digits {
      size = size << 4 | (digit.hexValue ?? 0)
      guard body.count + size <= limits.bodyBytes else { throw .bodyTooLong }
    }
    return size == 0
      ? .trailers(fields: limits.headerFields, bytes: limits.headerBytes) : .data(remaining: size)
  }

  private func trailer(
    _ input: inout ByteQueue,
    _ fields: Int,
    _ bytes: Int
  ) throws(RequestError) -> Stage? {
    guard let line = try input.line(limit: bytes, beyond: .fieldsTooLarge) else { return nil }
    guard !line.isEmpty else { return .done }
    guard fields > 0 else { throw .fieldsTooLarge }
    _ = try FieldLine(line)
    return .trailers(fields: fields - 1, bytes: max(0, bytes - line.count - 2))
  }
}
