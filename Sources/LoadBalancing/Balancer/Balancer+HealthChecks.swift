extension Balancer {
    /// Probes the backends, as ``Resilience/healthChecks`` says, until the task is cancelled.
    ///
    ///     async let checking: Void = balancer.runHealthChecks { endpoint in
    ///         let response = try await client.get("http://\(endpoint)/health")
    ///         return response.status == 503 ? .draining : response.status < 300 ? .healthy : .unhealthy()
    ///     }
    ///
    /// Backends that come are probed from then on, those that leave are not. Each has one probe in flight at the most, also
    /// if this is called twice. A probe that throws says that the backend is unhealthy; one that takes longer than
    /// ``HealthChecks/timeout`` too, and is cancelled.
    ///
    /// - Parameter probe: asks one backend. It runs in a child task of this call.
    public nonisolated(nonsending) func runHealthChecks(
        _ probe: @escaping @Sendable (Endpoint) async throws -> HealthReport
    ) async {
        let (updates, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = control.roster.add(signal)
        await withDiscardingTaskGroup { group in
            signal.yield()
            for await _ in updates {
                for target in membership.unchecked(by: control.roster) {
                    group.addTask { await self.check(target, by: probe) }
                }
            }
            group.cancelAll()
        }
        control.roster.remove(number)
    }

    /// Takes in how a backend is, as found by the caller's own means: a watch on a registry, or probes that other code makes.
    ///
    /// It counts as an answer to a probe does: ``HealthChecks`` says what it means.
    ///
    /// - Parameters:
    ///   - report: how the backend is.
    ///   - id: the backend.
    /// - Returns: when to ask again, as ``HealthChecks`` has it; `nil` if the set has no such backend.
    @discardableResult
    public func takeHealth(_ report: HealthReport, of id: String) -> Duration? {
        membership.withIndex(of: id) { _, index in control.take(report, from: index) }
    }

    /// Probes one backend until it leaves the set or the task is cancelled.
    private func check(_ target: ProbeTarget, by probe: @escaping @Sendable (Endpoint) async throws -> HealthReport)
        async
    {
        var delay = control.firstProbeDelay()
        while (try? await time.sleep(until: time.now().advanced(by: delay))) != nil {
            guard let endpoint = membership.endpoint(of: target) else { break }
            guard let next = await ask(endpoint, of: target, by: probe) else { break }
            delay = next
        }
        // One that has come back in the meantime is found by the next look at the set.
        control.roster.checkOut(target.slotID)
    }

    /// Asks one backend once; gives the time until the next probe, or `nil` if there is to be none.
    private func ask(
        _ endpoint: Endpoint, of target: ProbeTarget,
        by probe: @escaping @Sendable (Endpoint) async throws -> HealthReport
    ) async -> Duration? {
        let timeout = control.rules.healthChecks.timeout
        return await withTaskGroup(of: HealthReport?.self) { group in
            group.addTask {
                do {
                    return try await probe(endpoint)
                } catch {
                    return Task.isCancelled ? nil : .unhealthy("\(error)")
                }
            }
            group.addTask { [time] in
                let slept: Void? = try? await time.sleep(until: time.now().advanced(by: timeout))
                return slept == nil ? nil : .unhealthy("no answer within \(timeout)")
            }
            // The first says how it was; a probe that does not heed its cancellation is waited for afterwards.
            let report = await group.next() ?? nil
            let isCancelled = Task.isCancelled
            let delay = report.flatMap { isCancelled ? nil : membership.take($0, from: target) }
            group.cancelAll()
            return delay
        }
    }
}

/// A backend that is probed.
struct ProbeTarget: Hashable, Sendable {
    let id: String
    let slotID: UInt32
}
