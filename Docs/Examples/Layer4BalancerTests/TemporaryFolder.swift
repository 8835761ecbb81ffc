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

/// Waits on a thread that may wait: tests have those of Swift, of which there are few, and the other side needs them.
func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
}
