import Resilience

// More code of the article on coalescers: see DocumentationCode.swift. Never run.

private struct User: Sendable {}

private struct View: Hashable {
  let user: Int
  let viewer: Int
}

private struct Service: Sendable {
  func user(_ id: Int) async throws -> User { User() }
  func user(_ id: Int, seenBy viewer: Int) async throws -> User { User() }
}

private func shared(
  profiles: Coalescer<Int, User>,
  service: Service,
  id: Int,
  viewer: Int
) async throws {
  let profile = try await profiles.run(for: id) { try await service.user(id, seenBy: viewer) }
  _ = profile
}

private func apart(service: Service, id: Int, viewer: Int) async throws {
  let views = Coalescer<View, User>()
  let profile = try await views.run(for: View(user: id, viewer: viewer)) {
    try await service.user(id, seenBy: viewer)
  }
  _ = profile
}

private func inside(
  payments: some Policy,
  profiles: Coalescer<Int, User>,
  service: Service,
  id: Int
) async throws {
  let profile = try await payments.run {
    try await profiles.run(for: id) { try await service.user(id) }
  }
  _ = profile
}

private func outside(
  payments: some Policy,
  profiles: Coalescer<Int, User>,
  service: Service,
  id: Int
) async throws {
  let profile = try await profiles.run(for: id) {
    try await payments.run { try await service.user(id) }
  }
  _ = profile
}
