/// What the one who makes a call knows of it and policies must respect; set by adapters.
package enum CallTraits {
  /// Whether the call may be carried out twice without harm; policies that repeat ask it.
  @TaskLocal package static var isRepeatable = true
}
