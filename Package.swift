// swift-tools-version: 6.2

import PackageDescription

/// One list for every target: what the compiler can check, it checks.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
]

let package = Package(
  name: "swift-resilience",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "Resilience", targets: ["Resilience"]),
    .library(name: "ResilienceHTTP", targets: ["ResilienceHTTP"]),
    .library(name: "ResilienceRPC", targets: ["ResilienceRPC"]),
    .library(name: "ResilienceTesting", targets: ["ResilienceTesting"]),
    .executable(name: "resilience-demo", targets: ["ResilienceDemo"]),
  ],
  targets: [
    .target(name: "Resilience", swiftSettings: strict),
    .target(name: "ResilienceHTTP", dependencies: ["Resilience"], swiftSettings: strict),
    .target(
      name: "ResilienceRPC",
      dependencies: ["Resilience", "ResilienceHTTP"],
      swiftSettings: strict
    ),
    .target(name: "ResilienceTesting", dependencies: ["Resilience"], swiftSettings: strict),
    .executableTarget(
      name: "ResilienceDemo",
      dependencies: ["Resilience", "ResilienceHTTP", "ResilienceRPC", "ResilienceTesting"],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "Benchmarks",
      dependencies: ["Resilience", "ResilienceHTTP", "ResilienceTesting"],
      path: "Benchmarks",
      exclude: ["budgets.json"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ResilienceTests",
      dependencies: ["Resilience", "ResilienceTesting"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ResilienceHTTPTests",
      dependencies: ["ResilienceHTTP", "ResilienceTesting"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ResilienceRPCTests",
      dependencies: ["ResilienceRPC", "ResilienceTesting"],
      exclude: ["Peers/Python"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ResilienceTestingTests",
      dependencies: ["ResilienceTesting"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ResilienceDemoTests",
      dependencies: ["ResilienceDemo"],
      swiftSettings: strict
    ),
  ]
)
