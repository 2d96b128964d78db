import Dispatch
import Resilience

@inline(never) func op(_ x: Int) async throws -> Int { x &+ 1 }

func bare(_ n: Int) async throws -> Int { var s = 0; for i in 0..<n { s &+= try await op(i) }; return s }
@inline(never) func through<T>(_ operation: () async throws -> T) async throws -> T { try await operation() }
func closure(_ n: Int) async throws -> Int { var s = 0; for i in 0..<n { s &+= try await through { try await op(i) } }; return s }
func pol<P: Policy>(_ p: P, _ n: Int) async throws -> Int { var s = 0; for i in 0..<n { s &+= try await p.run { try await op(i) } }; return s }

let args = CommandLine.arguments
let which = args[1], n = Int(args[2])!
let done = DispatchSemaphore(value: 0)
let b = CircuitBreaker("x", trip: .consecutiveFailures(5))
let bw = CircuitBreaker("x", trip: .failureRate(0.5, over: .seconds(10)))
let bn = CircuitBreaker("x", trip: .failureRate(0.5, lastCalls: 100))
let r = Retry(), k = Bulkhead(limit: 100), t = Timeout(.seconds(1))
let pipe = Pipeline("p") { Retry(); b; Bulkhead(limit: 100) }
let pipe5 = Pipeline("p") { Retry(); b; Bulkhead(limit: 100); Bulkhead(limit: 100); Retry() }
Task.detached {
  let c = ContinuousClock()
  let e = try await c.measure {
    switch which {
    case "bare": _ = try await bare(n)
    case "closure": _ = try await closure(n)
    case "breaker": _ = try await pol(b, n)
    case "rolling": _ = try await pol(bw, n)
    case "last": _ = try await pol(bn, n)
    case "retry": _ = try await pol(r, n)
    case "bulkhead": _ = try await pol(k, n)
    case "timeout": _ = try await pol(t, n)
    case "pipe": _ = try await pol(pipe, n)
    case "pipe5": _ = try await pol(pipe5, n)
    default: break
    }
  }
  if args.count == 3 { print(which, e / n) }
  done.signal()
}
done.wait()
