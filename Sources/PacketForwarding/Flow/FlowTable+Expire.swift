extension FlowTable {
    /// Ends flows whose time has come.
    ///
    /// To be called again and again: with every batch of packets, and when none come.
    ///
    /// - Parameters:
    ///   - now: The present, which never runs back.
    ///   - budget: The most steps to take; each visits a flow or moves over empty slots of the wheel.
    /// - Returns: whether all were found: then no flow whose time has come is left.
    @discardableResult
    mutating func expire(now: FlowTime, budget: Int) -> Bool {
        var budget = budget
        while let position = wheel.due(by: now, budget: &budget) {
            end(position, as: .expired, now: now)
        }
        return budget > 0
    }
}
