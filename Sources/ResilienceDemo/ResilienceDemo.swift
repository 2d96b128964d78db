import Foundation

/// The failure-injection demo; see `resilience-demo --help`.
@main
enum ResilienceDemo {
  static func main() async {
    // A reader that goes away is an error of the next write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let program = Program(output: .standard, errors: .error)
    exit(await program.run(Array(CommandLine.arguments.dropFirst())))
  }
}
