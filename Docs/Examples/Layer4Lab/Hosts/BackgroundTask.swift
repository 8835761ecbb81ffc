import Foundation
import Synchronization

/// Work on a thread of its own.
final class BackgroundTask<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread {
            let outcome = Result { try body() }
            self.result.withLock { $0 = outcome }
            self.isDone.signal()
        }
    }

    /// Waits until the work is done; may be asked again.
    func wait() throws -> Value {
        isDone.wait()
        isDone.signal()
        guard let outcome = result.withLock({ $0 }) else { throw LabError("a thread that ended with nothing") }
        return try outcome.get()
    }
}

/// Waiting for something to become true.
func waitUntil(_ limit: Duration, _ what: String, _ isTrue: () throws -> Bool) throws {
    let end = ContinuousClock.now.advanced(by: limit)
    while try !isTrue() {
        guard ContinuousClock.now < end else { throw LabError("not within \(limit): \(what)") }
        usleep(20_000)
    }
}
