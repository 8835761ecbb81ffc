/// Why memory cannot be used as a flow table.
public struct FlowTableError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Reason: Hashable, Sendable {
        /// The memory is smaller than the shape needs.
        case tooSmall(byteCount: Int, needed: Int)
        /// No table was ever finished there.
        case notATable
        /// Another version of this library wrote it.
        case otherVersion(found: UInt32, expected: UInt32)
        /// It was made for other numbers of flows, services, backends or sources.
        case otherShape
        /// It is another worker's, or flows are divided among another number of workers.
        case otherWorker(index: Int, count: Int, expected: WorkerNumber)
        /// Its numbers of services and backends stand for others.
        case otherConfiguration(found: UInt64, expected: UInt64)
    }

    /// What is wrong.
    public let reason: Reason

    init(_ reason: Reason) {
        self.reason = reason
    }

    /// What is wrong, and what to do.
    public var description: String {
        switch reason {
        case .tooSmall(let byteCount, let needed):
            "a flow table of this shape needs \(needed) bytes, not \(byteCount); lend more memory or ask for fewer flows"
        case .notATable:
            "the memory holds no finished flow table; begin an empty one"
        case .otherVersion(let found, let expected):
            "the flow table has layout \(found), not \(expected); begin an empty one"
        case .otherShape:
            "the flow table was made for other numbers of flows, services, backends or sources; begin an empty one"
        case .otherWorker(let index, let count, let expected):
            """
            the flow table is that of worker \(index) of \(count), not of \(expected.index) of \
            \(expected.count); start as many workers as before or begin empty ones
            """
        case .otherConfiguration(let found, let expected):
            """
            the flow table's services and backends have the digest \(String(found, radix: 16)), not \
            \(String(expected, radix: 16)); number them as before or begin an empty one
            """
        }
    }
}
