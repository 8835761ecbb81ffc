import Foundation

/// A folder for a test, removed afterwards.
final class TemporaryFolder {
    let path: String

    init(in parent: String = "/tmp") throws {
        path = "\(parent)/l4-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
