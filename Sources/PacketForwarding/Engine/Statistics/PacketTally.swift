/// What an engine counts of packets: one thread counts, and any other may read meanwhile.
final class PacketTally: Sendable {
    /// What is counted of all packets together.
    enum All {
        enum Place: Int {
            case received, receivedBytes, sent, passed, answered, originated, persistentPrefixes, recovered
        }

        static let drops = 8
        static let byteCount = (drops + DropReason.allCases.count) * 8
    }

    /// What is counted of a service's packets: drops by reason, and those that were answered.
    enum Service {
        static let answered = DropReason.allCases.count
        static let byteCount = (answered + 1) * 8
    }

    /// What is counted of a backend's packets: two numbers for each direction.
    enum Backend {
        static let sent = 0
        static let returned = 2
        static let byteCount = 32
    }

    private let allocation: TableAllocation
    private let services: Int
    private let backends: Int

    /// Counts of nothing.
    init(services: Int, backends: Int) {
        self.services = services
        self.backends = backends
        allocation = TableAllocation(
            byteCount: All.byteCount + services * Service.byteCount + backends * Backend.byteCount)
    }

    /// The counts of all packets together; to be kept only beside the tally.
    var all: TableMemory { allocation.memory.part(at: 0, byteCount: All.byteCount) }

    /// The counts of services, one behind the other.
    var serviceMemory: TableMemory {
        allocation.memory.part(at: All.byteCount, byteCount: services * Service.byteCount)
    }

    /// The counts of backends, one behind the other.
    var backendMemory: TableMemory {
        allocation.memory.part(
            at: All.byteCount + services * Service.byteCount, byteCount: backends * Backend.byteCount)
    }

    /// A count of all packets together.
    func count(_ place: All.Place) -> UInt64 { all.count(at: place.rawValue * 8) }

    /// Drops of all packets together.
    var drops: [DropReason: UInt64] { Self.drops(all, at: All.drops * 8) }

    /// Drops of a service's packets; none of a service that is not counted.
    func drops(ofService service: Int) -> [DropReason: UInt64] {
        service < services ? Self.drops(serviceMemory, at: service * Service.byteCount) : [:]
    }

    /// Packets of a service that were dropped with an answer.
    func answers(ofService service: Int) -> UInt64 {
        guard service < services else { return 0 }
        return serviceMemory.count(at: service * Service.byteCount + Service.answered * 8)
    }

    /// Packets to a backend, or from it.
    func traffic(ofBackend backend: Int, isReturn: Bool) -> ForwardingSnapshot.Traffic {
        guard backend < backends else { return ForwardingSnapshot.Traffic() }
        let place = backend * Backend.byteCount + (isReturn ? Backend.returned : Backend.sent) * 8
        return ForwardingSnapshot.Traffic(
            packets: backendMemory.count(at: place), bytes: backendMemory.count(at: place + 8))
    }

    private static func drops(_ memory: TableMemory, at offset: Int) -> [DropReason: UInt64] {
        var drops: [DropReason: UInt64] = [:]
        for reason in DropReason.allCases {
            let count = memory.count(at: offset + reason.index * 8)
            if count > 0 { drops[reason] = count }
        }
        return drops
    }
}

extension DropReason {
    /// Its position among all reasons.
    @inline(__always)
    var index: Int {
        switch self {
        case .malformed: 0
        case .fragment: 1
        case .ttlExceeded: 2
        case .noFlow: 3
        case .noBackend: 4
        case .noPort: 5
        case .noNeighbour: 6
        case .tooBig: 7
        case .tableFull: 8
        case .rateLimited: 9
        case .noMemory: 10
        }
    }
}
