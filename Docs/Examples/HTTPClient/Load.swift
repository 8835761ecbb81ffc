import Foundation
import Synchronization

/// What became of one request.
struct Visit: Sendable {
    let latency: Duration
    /// Who answered; `nil` if nobody did.
    let server: String?
}

/// Requests of several workers at once, with a fault in the midst of them.
struct Load: Sendable {
    var requestCount = 120
    var workerCount = 4

    /// Sends requests; `fault` happens when a third of them has been sent.
    func run(
        fault: @escaping @Sendable () -> Void, _ send: @escaping @Sendable (Int) async throws -> Page
    ) async -> [Visit] {
        let numbers = Numbers()
        return await withTaskGroup(of: [Visit].self) { group in
            for _ in 0..<workerCount {
                group.addTask {
                    var visits: [Visit] = []
                    while true {
                        let number = numbers.next()
                        guard number < requestCount else { return visits }
                        if number == requestCount / 3 { fault() }
                        let start = ContinuousClock.now
                        let page = try? await send(number)
                        let server = page.flatMap { $0.status == 200 ? $0.body : nil }
                        visits.append(Visit(latency: start.duration(to: .now), server: server))
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// 0, 1, 2, for all workers.
    private final class Numbers: Sendable {
        private let count = Atomic(0)

        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
    }
}

extension [Visit] {
    var failureCount: Int { count { $0.server == nil } }

    /// The latency that so large a part of the requests did not exceed.
    func latency(at part: Double) -> Duration {
        let sorted = map(\.latency).sorted()
        guard let last = sorted.indices.last else { return .zero }
        return sorted[Swift.min(Int(Double(sorted.count) * part), last)]
    }
}
