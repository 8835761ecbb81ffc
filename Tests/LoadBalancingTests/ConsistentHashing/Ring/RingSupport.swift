@testable import LoadBalancing

extension ConsistentHash {
    /// The distinct backends of a key in the order in which they take it when those before do not.
    func candidateOrder(of keyHash: UInt64) -> [Int] {
        var order: [Int] = []
        while let next = backend(for: keyHash, where: { !order.contains($0) }) { order.append(next) }
        return order
    }
}

extension HashRing {
    /// The part of all keys that each backend has, exactly.
    var shares: [Double] {
        var shares = [Double](repeating: 0, count: backendCount)
        for index in 0..<ends.count {
            let start = ends.place(at: index > 0 ? index - 1 : ends.count - 1)
            let gap = ends.place(at: index) &- start
            shares[ends.owner(at: index)] += ends.count > 1 ? Double(gap) / 0x1p64 : 1
        }
        return shares
    }
}
