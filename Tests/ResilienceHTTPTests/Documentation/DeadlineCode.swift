import Resilience

// More code of the article on deadlines: see DocumentationCode.swift. Never run.

private struct Page {}

private struct Service: Sendable {
  func summary(_ id: Int) async throws -> Page { Page() }
  func everything(_ id: Int) async throws -> Page { Page() }
  func user(_ id: Int) async throws {}
}

private func hurried(service: Service, id: Int) async throws {
  let isHurried = (Deadline.current?.remaining ?? .seconds(60)) < .milliseconds(200)
  let page = try await isHurried ? service.summary(id) : service.everything(id)
  _ = page
}

private func unkept(service: Service, id: Int) async throws {
  try await withCallDeadline(in: .seconds(1)) {
    try await service.user(id)
  }
}

private func kept(service: Service, id: Int, timeout: Timeout) async throws {
  try await withCallDeadline(in: .seconds(1)) {
    try await timeout.run { try await service.user(id) }
  }
}

private func detached(service: Service, id: Int, retry: Retry) async throws {
  let task = await withCallDeadline(in: .seconds(1)) {
    Task.detached { try await retry.run { try await service.user(id) } }
  }
  _ = try await task.value
}
