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
        .library(name: "LoadBalancing", targets: ["LoadBalancing"])
    ],
    targets: [
        .target(name: "LoadBalancing", swiftSettings: strict),
        .executableTarget(
            name: "Quickstart", dependencies: ["LoadBalancing"], path: "Docs/Examples/Quickstart",
            swiftSettings: strict),
        .target(
            name: "Snippets", dependencies: ["LoadBalancing"], path: "Docs/Examples/Snippets", swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks", dependencies: ["LoadBalancing"], path: "Benchmarks", exclude: ["Simulate/plot.py"],
            swiftSettings: strict),
        .testTarget(
            name: "LoadBalancingTests",
            dependencies: ["LoadBalancing"],
            resources: [.copy("Vectors")],
            swiftSettings: strict),
        .testTarget(
            name: "SnippetTests",
            dependencies: ["LoadBalancing", "Snippets"],
            path: "Docs/Examples/SnippetTests",
            swiftSettings: strict),
        .testTarget(
            name: "BenchmarksTests", dependencies: ["Benchmarks", "LoadBalancing"], swiftSettings: strict),
        .testTarget(name: "DocumentationTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
