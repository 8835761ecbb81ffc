extension Balancer {
    /// What happens to the backends from now on: for logs, metrics and alarms.
    ///
    ///     for await event in balancer.events() { logger.info("\(event.kind)") }
    ///
    /// Each call gives a reader of its own. A pick never waits for a reader; one that is slow loses the oldest events.
    ///
    /// - Parameter bufferLimit: how many events wait for the reader at the most.
    /// - Returns: the events.
    public func events(bufferLimit: Int = 256) -> BalancerEvents {
        let buffer = EventBuffer<BalancerEvent>(limit: bufferLimit)
        control.add(buffer)
        return BalancerEvents(buffer: buffer) { [control] in control.remove(buffer) }
    }
}
