// swift-tools-version: 6.2
import PackageDescription

/// What every target is held to.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "swift-load-balancing",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LoadBalancing", targets: ["LoadBalancing"]),
        .library(name: "PacketForwarding", targets: ["PacketForwarding"]),
    ],
    targets: [
        .target(name: "LoadBalancing", swiftSettings: strict),
        .target(name: "CPacketSocket"),
        .target(
            name: "PacketForwarding", dependencies: ["CPacketSocket", "LoadBalancing"], swiftSettings: strict),
        .executableTarget(
            name: "Quickstart", dependencies: ["LoadBalancing"], path: "Docs/Examples/Quickstart",
            swiftSettings: strict),
        .executableTarget(
            name: "Metrics", dependencies: ["LoadBalancing"], path: "Docs/Examples/Metrics",
            swiftSettings: strict),
        .target(
            name: "Snippets", dependencies: ["LoadBalancing"], path: "Docs/Examples/Snippets", swiftSettings: strict),
        .executableTarget(
            name: "MemcachedSharding", dependencies: ["LoadBalancing"], path: "Docs/Examples/MemcachedSharding",
            exclude: ["README.md", "libmemcached-client.c", "run"], swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks", dependencies: ["CPacketSocket", "LoadBalancing", "PacketForwarding"],
            path: "Benchmarks", exclude: ["Peers", "Plots"], swiftSettings: strict),
        .testTarget(
            name: "LoadBalancingTests",
            dependencies: ["LoadBalancing"],
            resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(
            name: "PacketForwardingTests",
            dependencies: ["PacketForwarding"],
            resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(
            name: "SnippetTests",
            dependencies: ["LoadBalancing", "Snippets"],
            path: "Docs/Examples/SnippetTests",
            swiftSettings: strict),
        .testTarget(
            name: "BenchmarksTests", dependencies: ["Benchmarks", "LoadBalancing", "PacketForwarding"],
            resources: [.copy("PacketVectors")], swiftSettings: strict),
        .testTarget(name: "DocumentationTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
