import Resilience

// The code of the article on bulkheads, compiled. Never run.

private struct User {}

private struct Service {
  func user(_ id: Int) async throws -> User { User() }
  func greet(_ user: User) async throws {}
}

private struct Catalogue {
  func refresh() async throws {}
}

private func article(service: Service, id: Int) async throws {
  let bulkhead = Bulkhead(limit: 64, queue: 128, maxWait: .milliseconds(200))
  let user = try await bulkhead.run { try await service.user(id) }
  _ = user
}

private func articleSettings(catalogue: Catalogue, tenant: String) async throws {
  var settings = BulkheadSettings()
  settings.limit = 64
  settings.queue = QueueSettings(
    limit: 256,
    maxWait: .seconds(2),
    order: .adaptiveLIFO(after: .seconds(1)),
    dropping: CoDelSettings()
  )
  settings.shares.sheddable = 0.5
  let inventory = Bulkhead(settings, name: "inventory")
  try await withCriticality(.sheddable) {
    try await withFairnessKey(tenant) {
      try await inventory.run(weight: 3) { try await catalogue.refresh() }
    }
  }

  let permit = try await inventory.acquire()
  try inventory.resize(to: 32)
  permit.release()
}

private func articleNested(bulkhead: Bulkhead, service: Service, id: Int) async throws {
  try await bulkhead.run {
    let user = try await service.user(id)
    try await bulkhead.run { try await service.greet(user) }
  }
}
