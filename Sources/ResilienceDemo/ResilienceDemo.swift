import Foundation

/// The failure-injection demo; see `resilience-demo --help`.
@main
enum ResilienceDemo {
  static func main() async {
    let program = Program(output: .standard, errors: .error)
    exit(await program.run(Array(CommandLine.arguments.dropFirst())))
  }
}
