import Foundation

/// Builds the balancer where this program was built alone, as `swift run` does.
enum BalancerBuild {
    /// Builds it as this program was built, if it is not beside it.
    ///
    /// - Throws: ``LabError`` if it cannot be built.
    static func runIfMissing(say: (String) -> Void) throws {
        // PACKAGE/.build/TRIPLE/CONFIGURATION
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let scratch = folder.deletingLastPathComponent().deletingLastPathComponent()
        let package = scratch.deletingLastPathComponent()
        guard !FileManager.default.isExecutableFile(atPath: "\(folder.path)/Layer4Balancer"),
            FileManager.default.fileExists(atPath: "\(package.path)/Package.swift")
        else { return }
        say("building Layer4Balancer, too")
        try Program.run(
            "/usr/bin/env",
            [
                "swift", "build", "-c", folder.lastPathComponent, "--product", "Layer4Balancer", "--package-path",
                package.path, "--scratch-path", scratch.path,
            ])
    }
}
