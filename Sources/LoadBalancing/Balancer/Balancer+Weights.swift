extension Balancer {
    /// Gives backends other weights, and leaves everything else as it is.
    ///
    /// - Parameter weights: by identity; backends that are not named keep theirs.
    /// - Throws: ``BackendSetError`` if a weight is out of range, or the policy cannot work with the weights; then
    ///   nothing changes.
    /// - Complexity: that of ``update(_:)``.
    public func setWeights(_ weights: [String: Int]) throws(BackendSetError) {
        try change { backends in
            for index in backends.indices {
                backends[index].weight = weights[backends[index].id] ?? backends[index].weight
            }
        }
    }
}
