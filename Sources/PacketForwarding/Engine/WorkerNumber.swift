/// Which of the workers one is that share the packets among them.
public struct WorkerNumber: Hashable, Sendable {
    /// Its number, below ``count``.
    public let index: Int
    /// How many there are.
    public let count: Int

    /// The worker `index` of `count`; the only one unless you say otherwise.
    public init(_ index: Int = 0, of count: Int = 1) {
        precondition((1...65_536).contains(count), "there are 1 to 65,536 workers")
        precondition((0..<count).contains(index), "workers are numbered from 0")
        self.index = index
        self.count = count
    }
}

extension SourceRange {
    /// The worker's own addresses, next to one another; `nil` if there are not enough for every worker.
    func share(of worker: WorkerNumber) -> SourceRange? {
        let count = addresses.count
        let first = (worker.index * count + worker.count - 1) / worker.count
        let end = ((worker.index + 1) * count + worker.count - 1) / worker.count
        guard first < end else { return nil }
        let start = Int(addresses.lowerBound)
        return SourceRange(
            addresses: UInt16(truncatingIfNeeded: start + first)...UInt16(truncatingIfNeeded: start + end - 1),
            ports: ports)
    }

    /// The worker whose share an address at a place is in.
    static func owner(ofPlace place: Int, among count: Int, workers: Int) -> Int {
        place * workers / count
    }
}
