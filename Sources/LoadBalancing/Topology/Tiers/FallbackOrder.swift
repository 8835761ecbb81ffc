/// An order of tiers, regions or pools from who falls back to whom.
public enum FallbackOrder {
    /// The names in the order in which they are used, each once: the start, what it falls back to, what that falls back
    /// to.
    ///
    /// Breadth first, so that a direct fallback comes before a fallback's fallback.
    ///
    /// - Parameters:
    ///   - start: who is used first.
    ///   - fallbacks: for each name those that stand in for it, in order.
    /// - Returns: the names; their positions are priorities.
    /// - Throws: ``TopologyError`` if a name is not a key of `fallbacks`, or falling back goes in a circle.
    public static func order(
        from start: String, fallbacks: [String: [String]]
    ) throws(TopologyError) -> [String] {
        var done: Set<String> = []
        try check(start, path: [], done: &done, fallbacks)
        var order: [String] = []
        var queue = [start]
        var seen: Set<String> = [start]
        while order.count < queue.count {
            let name = queue[order.count]
            order.append(name)
            for next in fallbacks[name] ?? [] where seen.insert(next).inserted { queue.append(next) }
        }
        return order
    }

    /// Depth first, to find circles; what is done is not looked at again.
    private static func check(
        _ name: String, path: [String], done: inout Set<String>, _ fallbacks: [String: [String]]
    ) throws(TopologyError) {
        if let first = path.firstIndex(of: name) { throw TopologyError(.cycle(Array(path[first...]) + [name])) }
        guard !done.contains(name) else { return }
        guard let next = fallbacks[name] else { throw TopologyError(.unknownName(name)) }
        // As deep as the longest chain of names that somebody wrote down.
        for fallback in next { try check(fallback, path: path + [name], done: &done, fallbacks) }
        done.insert(name)
    }
}
