import Foundation
import Testing

extension Trait where Self == ConditionTrait {
  /// Tests over many real sockets, whose real time would be up while the rest of the tests keeps both
  /// threads of the pool: they are run by themselves, in `.ci/run` always.
  static var byThemselves: ConditionTrait {
    .enabled(
      if: ProcessInfo.processInfo.environment["RESILIENCE_SOCKETS"] != nil,
      "RESILIENCE_SOCKETS=1 swift test --filter 'Resilience(HTTP|RPC|Testing|Demo)Tests' runs them"
    )
  }
}
