extension Balancer {
    /// Does what time asks of the rules in ``Resilience``, again and again, until the task is cancelled.
    ///
    ///     async let running: Void = balancer.run()
    ///
    /// One call for each balancer is enough. Without it, picks that meet a backend which is not admitted in full see to it in
    /// passing, one in 64 of them: what is restricted does not stay so because nobody looks, as long as there is work.
    public nonisolated(nonsending) func run() async {
        while !Task.isCancelled {
            tick()
            do { try await time.sleep(until: time.now().advanced(by: control.rules.tickInterval)) } catch { return }
        }
    }

    /// Does what time asks of the rules in ``Resilience`` now: for callers with a loop of their own, and for tests.
    ///
    /// - Complexity: O(n) for n backends.
    public func tick() {
        control.tick(at: time.now())
    }
}
