import LoadBalancing

/// Whose flows a table holds: what must be the same when another process takes it over.
struct FlowTableIdentity: Hashable, Sendable {
    /// Which worker's table this is.
    var worker: UInt32 = 0
    /// Workers that flows are divided among: with another number, flows would come to other workers.
    var workerCount: UInt32 = 1
    /// A digest of what the numbers of services and backends stand for.
    var configuration: UInt64 = 0
}

extension FlowTableIdentity {
    /// The worker of an identity that this process made.
    fileprivate var workerNumber: WorkerNumber {
        let count = min(max(Int(workerCount), 1), 65_536)
        return WorkerNumber(min(Int(worker), count - 1), of: count)
    }
}

/// The beginning of a table's memory, 128 bytes, for whoever attaches to it.
struct FlowTableHeader {
    private enum Offset {
        static let mark = 0
        static let version = 8
        static let used = 12
        static let shape = 16
        static let secret = 64
        static let worker = 80
        static let workerCount = 84
        static let configuration = 88
        static let end = 128
    }

    static let byteCount = Offset.end
    /// To be counted up whenever a byte of the memory comes to mean something else.
    static let version: UInt32 = 4
    /// "flowtabl"; a machine of the other byte order reads something else.
    private static let mark: UInt64 = 0x6C62_6174_776F_6C66

    private let memory: TableMemory

    init(_ memory: TableMemory) {
        self.memory = memory
    }

    /// Positions that flows have been put at so far: none lies behind them.
    var used: UInt32 {
        get { memory.word32(at: Offset.used) }
        nonmutating set { memory.store(newValue, at: Offset.used) }
    }

    var secret: SipKey { SipKey(memory.word64(at: Offset.secret), memory.word64(at: Offset.secret + 8)) }

    var identity: FlowTableIdentity {
        get {
            FlowTableIdentity(
                worker: memory.word32(at: Offset.worker), workerCount: memory.word32(at: Offset.workerCount),
                configuration: memory.word64(at: Offset.configuration))
        }
        nonmutating set {
            memory.store(newValue.worker, at: Offset.worker)
            memory.store(newValue.workerCount, at: Offset.workerCount)
            memory.store(newValue.configuration, at: Offset.configuration)
        }
    }

    /// Makes the memory that of an empty table.
    ///
    /// The mark comes last: a table that was begun and not finished has none.
    func write(_ shape: FlowTableShape, _ identity: FlowTableIdentity, secret: SipKey) {
        memory.store(0 as UInt64, at: Offset.mark)
        TableFence.passed()
        memory.store(Self.version, at: Offset.version)
        for (index, number) in shape.numbers.enumerated() {
            memory.store(number, at: Offset.shape + index * 4)
        }
        memory.store(secret.first, at: Offset.secret)
        memory.store(secret.second, at: Offset.secret + 8)
        self.identity = identity
        used = 0
        TableFence.passed()
        memory.store(Self.mark, at: Offset.mark)
    }

    /// Checks that the memory holds a table of this shape and identity.
    func check(_ shape: FlowTableShape, _ expected: FlowTableIdentity) throws(FlowTableError) {
        guard memory.word64(at: Offset.mark) == Self.mark else { throw FlowTableError(.notATable) }
        let version = memory.word32(at: Offset.version)
        guard version == Self.version else {
            throw FlowTableError(.otherVersion(found: version, expected: Self.version))
        }
        let numbers = shape.numbers.indices.map { memory.word32(at: Offset.shape + $0 * 4) }
        guard numbers == shape.numbers, Int(used) <= shape.flows else { throw FlowTableError(.otherShape) }
        let found = identity
        guard found.worker == expected.worker, found.workerCount == expected.workerCount else {
            throw FlowTableError(
                .otherWorker(index: Int(found.worker), count: Int(found.workerCount), expected: expected.workerNumber))
        }
        guard found.configuration == expected.configuration else {
            throw FlowTableError(.otherConfiguration(found: found.configuration, expected: expected.configuration))
        }
    }
}

extension FlowTableShape {
    /// All that the layout of the memory follows from.
    fileprivate var numbers: [UInt32] {
        [
            flows, services, backends, sources?.groups ?? 0, sources?.pages ?? 0, sources?.rests ?? 0,
        ].map { UInt32(clamping: $0) }
    }
}
