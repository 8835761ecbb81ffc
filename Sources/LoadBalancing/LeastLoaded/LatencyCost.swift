extension BackendPool {
    /// What one request more costs on a backend: latency average × (leases in flight + 1).
    ///
    /// Without a measurement it is nothing on an idle backend, which so gets its first request; then, while that is under
    /// way, it is more than any measured backend's, and more yet with each further request.
    @inlinable
    @inline(__always)
    func latencyCost(at index: Int, time: Timestamp?) -> Float {
        let inFlight = slot(at: index).load.inFlight
        guard let latency = latency(at: index, time: time) else {
            return inFlight == 0 ? 0 : 0x1p64 * Float(inFlight)
        }
        return latency * Float(inFlight &+ 1)
    }
}
