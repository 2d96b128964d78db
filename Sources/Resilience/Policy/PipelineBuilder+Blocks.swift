/// Blocks of so many policies, each as a balanced tree.
///
/// What the policies do is the same in any tree. The compiler inlines only so many levels of them
/// into the caller, though: a chain of five is one too deep for it, a tree of eight has three levels.
/// Who needs more than ten puts a ``Pipeline`` into another.
extension PipelineBuilder {
  /// Two policies within each other.
  public typealias Two<A: Policy, B: Policy> =
    Nested<A, B>

  /// Three policies within each other.
  public typealias Three<A: Policy, B: Policy, C: Policy> =
    Nested<A, Two<B, C>>

  /// Four policies within each other.
  public typealias Four<A: Policy, B: Policy, C: Policy, D: Policy> =
    Nested<Two<A, B>, Two<C, D>>

  /// Five policies within each other.
  public typealias Five<A: Policy, B: Policy, C: Policy, D: Policy, E: Policy> =
    Nested<Two<A, B>, Three<C, D, E>>

  /// Six policies within each other.
  public typealias Six<A: Policy, B: Policy, C: Policy, D: Policy, E: Policy, F: Policy> =
    Nested<Three<A, B, C>, Three<D, E, F>>

  /// Seven policies within each other.
  public typealias Seven<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy
  > =
    Nested<Three<A, B, C>, Four<D, E, F, G>>

  /// Eight policies within each other.
  public typealias Eight<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy,
    H: Policy
  > =
    Nested<Four<A, B, C, D>, Four<E, F, G, H>>

  /// Nine policies within each other.
  public typealias Nine<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy,
    H: Policy,
    I: Policy
  > =
    Nested<Four<A, B, C, D>, Five<E, F, G, H, I>>

  /// Ten policies within each other.
  public typealias Ten<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy,
    H: Policy,
    I: Policy,
    J: Policy
  > =
    Nested<Five<A, B, C, D, E>, Five<F, G, H, I, J>>

  /// A pipeline of one policy.
  public static func buildBlock<A: Policy>(_ a: A) -> A { a }

  /// A pipeline of two policies.
  public static func buildBlock<A: Policy, B: Policy>(
    _ a: A,
    _ b: B
  ) -> Two<A, B> {
    Nested(outer: a, inner: b)
  }

  /// A pipeline of three policies.
  public static func buildBlock<A: Policy, B: Policy, C: Policy>(
    _ a: A,
    _ b: B,
    _ c: C
  ) -> Three<A, B, C> {
    Nested(outer: a, inner: buildBlock(b, c))
  }

  /// A pipeline of four policies.
  public static func buildBlock<A: Policy, B: Policy, C: Policy, D: Policy>(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D
  ) -> Four<A, B, C, D> {
    Nested(outer: buildBlock(a, b), inner: buildBlock(c, d))
  }

  /// A pipeline of five policies.
  public static func buildBlock<A: Policy, B: Policy, C: Policy, D: Policy, E: Policy>(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D,
    _ e: E
  ) -> Five<A, B, C, D, E> {
    Nested(outer: buildBlock(a, b), inner: buildBlock(c, d, e))
  }

  /// A pipeline of six policies.
  public static func buildBlock<A: Policy, B: Policy, C: Policy, D: Policy, E: Policy, F: Policy>(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D,
    _ e: E,
    _ f: F
  ) -> Six<A, B, C, D, E, F> {
    Nested(outer: buildBlock(a, b, c), inner: buildBlock(d, e, f))
  }

  /// A pipeline of seven policies.
  public static func buildBlock<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy
  >(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D,
    _ e: E,
    _ f: F,
    _ g: G
  ) -> Seven<A, B, C, D, E, F, G> {
    Nested(outer: buildBlock(a, b, c), inner: buildBlock(d, e, f, g))
  }

  /// A pipeline of eight policies.
  public static func buildBlock<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy,
    H: Policy
  >(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D,
    _ e: E,
    _ f: F,
    _ g: G,
    _ h: H
  ) -> Eight<A, B, C, D, E, F, G, H> {
    Nested(outer: buildBlock(a, b, c, d), inner: buildBlock(e, f, g, h))
  }

  /// A pipeline of nine policies.
  public static func buildBlock<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy,
    H: Policy,
    I: Policy
  >(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D,
    _ e: E,
    _ f: F,
    _ g: G,
    _ h: H,
    _ i: I
  ) -> Nine<A, B, C, D, E, F, G, H, I> {
    Nested(outer: buildBlock(a, b, c, d), inner: buildBlock(e, f, g, h, i))
  }

  /// A pipeline of ten policies.
  public static func buildBlock<
    A: Policy,
    B: Policy,
    C: Policy,
    D: Policy,
    E: Policy,
    F: Policy,
    G: Policy,
    H: Policy,
    I: Policy,
    J: Policy
  >(
    _ a: A,
    _ b: B,
    _ c: C,
    _ d: D,
    _ e: E,
    _ f: F,
    _ g: G,
    _ h: H,
    _ i: I,
    _ j: J
  ) -> Ten<A, B, C, D, E, F, G, H, I, J> {
    Nested(outer: buildBlock(a, b, c, d, e), inner: buildBlock(f, g, h, i, j))
  }
}
