#if os(Linux) && canImport(Glibc)
  import Foundation
  import Glibc
  import ResilienceTesting
  import Testing

  /// In processes of their own, where nobody else opens descriptors.
  @Suite("Descriptors of a fault server")
  struct DescriptorTests {
    @Test("A stopped server leaves no descriptor behind")
    func noLeak() async {
      await #expect(processExitsWith: .success) {
        // Dispatch opens some of its own at the first use.
        try await DescriptorTests.visitServer()
        let before = try DescriptorTests.openDescriptors()
        for _ in 1...5 { try await DescriptorTests.visitServer() }
        // The clients close theirs when Dispatch lets go of them. To look is dear, so not at once again.
        for _ in 1...10_000 where try DescriptorTests.openDescriptors() > before {
          try await Task.sleep(for: .milliseconds(1))
        }
        #expect(try DescriptorTests.openDescriptors() <= before)
      }
    }

    @Test("Without a free descriptor the server rests, and accepts again later")
    func exhausted() async {
      await #expect(processExitsWith: .success) {
        let server = try FaultServer.users()
        let client = try RawClient(server.port)
        await client.send(get("/users/1"))
        #expect(await client.response().status == 200)
        let second = try RawClient(server.port)
        var hoard: [Int32] = []
        var limit = rlimit(rlim_cur: 64, rlim_max: 64)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        while true {
          let copy = dup(0)
          guard copy >= 0 else { break }
          hoard.append(copy)
        }
        await second.send(get("/users/2"))
        await client.send(get("/users/1"))
        #expect(await client.response().status == 200)
        for copy in hoard { close(copy) }
        #expect(await second.response().status == 200)
        server.stop()
      }
    }

    /// 40 connections that end in every way there is, the server's stop included.
    private static func visitServer() async throws {
      let server = try FaultServer.users()
      var clients: [RawClient] = []
      for number in 1...40 {
        let faults: [ServerFault] = [.hang, .reset(.inBody), .truncatedBody, .status(500)]
        let fault = server.inject(faults[number % 4])
        let client = try RawClient(server.port)
        await client.send(get("/users/\(number)"))
        await server.requests(atLeast: number)
        while fault.hits == 0 { await Task.yield() }
        server.healAll()
        if number.isMultiple(of: 3) { clients.append(client) }
      }
      server.inject(.refuse)
      server.stop()
      await server.stopped()
    }

    private static func openDescriptors() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
  }
#endif
