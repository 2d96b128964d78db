/// The task executor that the current task prefers, for a task that has to be made for its sake.
///
/// Unstructured tasks do not inherit it by themselves.
@usableFromInline
package func inheritedExecutor() -> (any TaskExecutor)? {
  unsafe withUnsafeCurrentTask { task in
    unsafe task?.unownedTaskExecutor?.asTaskExecutor()
  }
}
