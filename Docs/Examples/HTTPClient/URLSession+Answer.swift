import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension URLSession {
    /// Sends a request; gives it up as soon as the task is cancelled.
    ///
    /// In place of `data(for:)`, which FoundationNetworking, up to Swift 6.3 at the least, cancels under the lock of the task: if
    /// the answer comes in that moment, it waits for that lock, and the cancellation for it, for ever
    /// (swiftlang/swift-corelibs-foundation#5412). Here nobody waits for a cancellation, nor for an answer after one.
    func answer(to request: URLRequest) async throws -> (Data, URLResponse) {
        let exchange = Exchange()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let task = dataTask(with: request) { data, response, error in
                    if let data, let response, error == nil {
                        exchange.end(with: .success((data, response)))
                    } else {
                        exchange.end(with: .failure(error ?? URLError(.unknown)))
                    }
                }
                exchange.begin(task, continuation)
            }
        } onCancel: {
            exchange.cancel()
        }
    }
}

/// A request, and who waits for its end, whatever that is.
private final class Exchange: Sendable {
    typealias Continuation = CheckedContinuation<(Data, URLResponse), any Error>

    private struct State {
        var continuation: Continuation?
        var task: URLSessionTask?
        var isCancelled = false
    }

    private let state = Mutex(State())

    func begin(_ task: URLSessionTask, _ continuation: Continuation) {
        let isCancelled = state.withLock { state in
            state.continuation = continuation
            state.task = task
            return state.isCancelled
        }
        if isCancelled { end(with: .failure(CancellationError())) } else { task.resume() }
    }

    /// Only the first end counts.
    func end(with result: Result<(Data, URLResponse), any Error>) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(with: result)
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        DispatchQueue.global().async {
            self.end(with: .failure(CancellationError()))
            task?.cancel()
        }
    }
}
