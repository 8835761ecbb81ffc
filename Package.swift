// swift-tools-version: 6.2
import PackageDescription

/// What every target is held to.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The path of libFuzzer, which Tests/Fuzzing/run gives: then the code under test tells it which way each input goes.
///
/// The building of tables, which hardly any input changes, is not slowed down by a look at every comparison too.
let fuzzer = Context.environment["FUZZING"]
let seen: [SwiftSetting] = fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])]
let counted: [SwiftSetting] =
    fuzzer == nil ? [] : [.unsafeFlags(["-sanitize-coverage=edge,inline-8bit-counters,pc-table"])]

let package = Package(
    name: "swift-load-balancing",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LoadBalancing", targets: ["LoadBalancing"]),
        .library(name: "PacketForwarding", targets: ["PacketForwarding"]),
    ],
    targets: [
        .target(name: "LoadBalancing", swiftSettings: strict + counted),
        .target(name: "CPacketSocket"),
        .target(
            name: "PacketForwarding", dependencies: ["CPacketSocket", "LoadBalancing"], swiftSettings: strict + seen),
        .executableTarget(
            name: "Quickstart", dependencies: ["LoadBalancing"], path: "Docs/Examples/Quickstart",
            swiftSettings: strict),
        .executableTarget(
            name: "Metrics", dependencies: ["LoadBalancing"], path: "Docs/Examples/Metrics",
            exclude: ["README.md", "run"], swiftSettings: strict),
        .executableTarget(
            name: "Layer4Balancer", dependencies: ["LoadBalancing", "PacketForwarding"],
            path: "Docs/Examples/Layer4Balancer",
            exclude: ["README.md", "layer4balancer.json", "layer4balancer.service"], swiftSettings: strict),
        .executableTarget(
            name: "Layer4Lab", dependencies: ["LoadBalancing", "PacketForwarding"], path: "Docs/Examples/Layer4Lab",
            exclude: ["README.md", "run"], swiftSettings: strict),
        .executableTarget(
            name: "AnycastVIP", dependencies: ["LoadBalancing", "PacketForwarding"], path: "Docs/Examples/AnycastVIP",
            exclude: [
                "README.md", "bird-router.conf", "bird-site.conf", "client.py", "run", "server.py", "site.json",
            ], swiftSettings: strict),
        .target(
            name: "Snippets", dependencies: ["LoadBalancing", "PacketForwarding"], path: "Docs/Examples/Snippets",
            swiftSettings: strict),
        .executableTarget(
            name: "MemcachedSharding", dependencies: ["LoadBalancing"], path: "Docs/Examples/MemcachedSharding",
            exclude: ["README.md", "libmemcached-client.c", "run"], swiftSettings: strict),
        .executableTarget(
            name: "GlobalDNS", dependencies: ["LoadBalancing"], path: "Docs/Examples/GlobalDNS",
            exclude: ["README.md", "pdns.conf", "run", "unbound.conf", "world.json"], swiftSettings: strict),
        .executableTarget(
            name: "HTTPClient", dependencies: ["LoadBalancing"], path: "Docs/Examples/HTTPClient",
            exclude: ["README.md", "run", "server.py"], swiftSettings: strict),
        .executableTarget(
            name: "PcapReplay", dependencies: ["LoadBalancing", "PacketForwarding"], path: "Docs/Examples/PcapReplay",
            exclude: ["README.md", "lab.json", "run"], swiftSettings: strict),
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
            dependencies: ["CPacketSocket", "PacketForwarding"],
            resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(
            name: "NetworkLabTests",
            dependencies: ["Layer4Balancer", "Layer4Lab", "LoadBalancing", "PacketForwarding"], swiftSettings: strict),
        .testTarget(
            name: "Layer4BalancerTests",
            dependencies: ["Layer4Balancer", "LoadBalancing", "PacketForwarding", "PcapReplay"],
            path: "Docs/Examples/Layer4BalancerTests", swiftSettings: strict),
        .testTarget(
            name: "SnippetTests",
            dependencies: ["LoadBalancing", "PacketForwarding", "Snippets"],
            path: "Docs/Examples/SnippetTests",
            swiftSettings: strict),
        .testTarget(
            name: "MetricsTests", dependencies: ["LoadBalancing", "Metrics"], path: "Docs/Examples/MetricsTests",
            swiftSettings: strict),
        .testTarget(
            name: "GlobalDNSTests", dependencies: ["GlobalDNS", "LoadBalancing"],
            path: "Docs/Examples/GlobalDNSTests", swiftSettings: strict),
        .testTarget(
            name: "HTTPClientTests", dependencies: ["HTTPClient", "LoadBalancing"],
            path: "Docs/Examples/HTTPClientTests", swiftSettings: strict),
        .testTarget(
            name: "AnycastVIPTests", dependencies: ["AnycastVIP", "LoadBalancing"],
            path: "Docs/Examples/AnycastVIPTests", swiftSettings: strict),
        .testTarget(
            name: "PcapReplayTests", dependencies: ["PacketForwarding", "PcapReplay"],
            path: "Docs/Examples/PcapReplayTests", swiftSettings: strict),
        .testTarget(
            name: "BenchmarksTests", dependencies: ["Benchmarks", "LoadBalancing", "PacketForwarding"],
            resources: [.copy("PacketVectors")], swiftSettings: strict),
        .testTarget(name: "DocumentationTests", swiftSettings: strict),
        .executableTarget(
            name: "Fuzzing", dependencies: ["LoadBalancing", "PacketForwarding"], path: "Tests/Fuzzing",
            exclude: ["Seeds", "README.md", "run"], swiftSettings: strict + (fuzzer == nil ? [] : [.define("FUZZING")]),
            linkerSettings: fuzzer.map { [.unsafeFlags([$0]), .linkedLibrary("stdc++")] } ?? []),
        .testTarget(
            name: "FuzzingTests", dependencies: ["Fuzzing", "PacketForwarding"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
