import Testing

/// Ends a test with an issue unless a condition holds.
///
/// For the inner loops of long tests: `#require` notes what its parts were each time, which takes
/// longer than the step that it looks at.
func mustHold(
  _ condition: Bool,
  _ comment: @autoclosure () -> Comment,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  guard !condition else { return }
  Issue.record(comment(), sourceLocation: sourceLocation)
  throw DoesNotHold()
}

/// The error of a test that ``mustHold(_:_:sourceLocation:)`` has ended.
struct DoesNotHold: Error {}
