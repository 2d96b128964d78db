@testable import ResilienceDemo

extension RunResult {
  var bare: ClientResult { clients[0] }
  var standard: ClientResult { clients[1] }
}
