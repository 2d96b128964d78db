/// Answers with something else when an operation fails.
///
/// ```swift
/// let prices = Fallback { _ in PriceList.standard }
/// let list = try await prices.run { try await catalogue.prices() }
/// ```
///
/// The caller's cancellation is never answered: it comes out as it is. So does an error that
/// `handles` turns down. The answer is *degraded*: ``run(_:)`` returns it like any other, and
/// ``result(of:)`` says which it was, and why.
public struct Fallback<Value>: Sendable {
  /// A value, and whether it is the operation's own.
  public struct Answer {
    /// The value.
    public let value: Value

    /// Why the value is not the operation's own; `nil` if it is.
    public let cause: (any Error)?

    /// Whether the value is not the operation's own.
    public var isDegraded: Bool { cause != nil }
  }

  /// The name of the fallback, as it appears in events.
  public let name: String

  private let handles: @Sendable (any Error) -> Bool
  private let substitute: @Sendable (any Error) async throws -> Value
  private let timeline: Timeline
  private let observer: (any Observer)?

  /// Creates a fallback.
  ///
  /// - Parameters:
  ///   - name: How the fallback is called in events.
  ///   - handles: Which errors are answered; all of them by default.
  ///   - timeline: The time of its events.
  ///   - observer: Told of each degraded answer.
  ///   - substitute: What to answer, given the error. What it throws itself comes out.
  public init(
    name: String = "fallback",
    handles: @escaping @Sendable (any Error) -> Bool = { _ in true },
    timeline: Timeline = .system,
    observer: (any Observer)? = nil,
    _ substitute: @escaping @Sendable (any Error) async throws -> Value
  ) {
    self.name = name
    self.handles = handles
    self.timeline = timeline
    self.observer = observer
    self.substitute = substitute
  }

  /// Runs the operation, and answers in its place if it fails.
  ///
  /// - Parameter operation: What to call, once. It runs on the caller's isolation.
  /// - Returns: What the operation, or else the fallback, returned.
  /// - Throws: The caller's cancellation, an error that is not handled, or what the fallback threw.
  @inlinable
  @inline(__always)
  public func run(_ operation: () async throws -> Value) async throws -> Value {
    do {
      return try await operation()
    } catch {
      return try await offPath { try await answer(to: error) }
    }
  }

  /// Runs the operation, and says whether the answer is its own.
  ///
  /// - Parameter operation: What to call, once. It runs on the caller's isolation.
  /// - Returns: The value, and why it is not the operation's own if it is not.
  /// - Throws: As ``run(_:)``.
  public func result(of operation: () async throws -> Value) async throws -> Answer {
    do {
      return Answer(value: try await operation(), cause: nil)
    } catch {
      return Answer(value: try await answer(to: error), cause: error)
    }
  }

  /// What to say instead of an error, or the error itself if it is not to be answered.
  @usableFromInline
  func answer(to error: any Error) async throws -> Value {
    guard !(error is CancellationError), !Task.isCancelled, handles(error) else { throw error }
    let value = try await substitute(error)
    observer?.observe(Event(policy: name, at: timeline.now, kind: .degraded(cause: error)))
    return value
  }
}

extension Fallback where Value: Sendable {
  /// Creates a fallback that always answers the same.
  ///
  /// - Parameters:
  ///   - value: The answer.
  ///   - name: How the fallback is called in events.
  ///   - handles: Which errors are answered; all of them by default.
  ///   - timeline: The time of its events.
  ///   - observer: Told of each degraded answer.
  public init(
    _ value: Value,
    name: String = "fallback",
    handles: @escaping @Sendable (any Error) -> Bool = { _ in true },
    timeline: Timeline = .system,
    observer: (any Observer)? = nil
  ) {
    self.init(name: name, handles: handles, timeline: timeline, observer: observer) { _ in value }
  }
}

extension Fallback: PolicyLayer {
  /// The fallback itself.
  public var stages: [PolicyStage] { [PolicyStage(.fallback, name: name)] }
}
