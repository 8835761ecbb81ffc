import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension URLSession {
    /// Sends a request; ends it when the task is cancelled.
    ///
    /// In place of `data(for:)`, which FoundationNetworking, up to Swift 6.3 at the least, cancels under the lock of the task: if
    /// the answer comes in that moment, it waits for that lock, and the cancellation for it, for ever
    /// (swiftlang/swift-corelibs-foundation#5412). Here nobody waits for a cancellation.
    func answer(to request: URLRequest) async throws -> (Data, URLResponse) {
        let exchange = Exchange()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                exchange.begin(
                    dataTask(with: request) { data, response, error in
                        if let data, let response, error == nil {
                            continuation.resume(returning: (data, response))
                        } else {
                            continuation.resume(throwing: error ?? URLError(.unknown))
                        }
                    })
            }
        } onCancel: {
            exchange.cancel()
        }
    }
}

/// A request that is under way, or that was cancelled before.
private final class Exchange: Sendable {
    private struct State {
        var task: URLSessionTask?
        var isCancelled = false
    }

    private let state = Mutex(State())

    func begin(_ task: URLSessionTask) {
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        task.resume()
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        guard let task else { return }
        DispatchQueue.global().async { task.cancel() }
    }
}
