extension TieredBalancer {
    /// Probes the backends of all places, as ``Balancer/runHealthChecks(_:)`` does, until the task is cancelled.
    ///
    /// Places that come are probed from then on; when a place goes, its probes are cancelled.
    ///
    /// - Parameter probe: asks one backend. It runs in a child task of this call.
    public nonisolated(nonsending) func runHealthChecks(
        _ probe: @escaping @Sendable (Endpoint) async throws -> HealthReport
    ) async {
        let (updates, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = roster.add(signal)
        await withDiscardingTaskGroup { group in
            var known: Set<Int> = []
            signal.yield()
            for await _ in updates {
                let members = state.withLock { Array($0.members.values) }
                // By number: a place may go and come back between two looks.
                known.formIntersection(members.map(\.number))
                for member in members where known.insert(member.number).inserted {
                    let balancer = member.balancer
                    group.addTask { await balancer.runHealthChecks(probe) }
                }
            }
            group.cancelAll()
        }
        roster.remove(number)
    }
}
