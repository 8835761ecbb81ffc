/// What an engine counts.
struct EngineCounters {
    private var drops: [UInt64]
    private(set) var sent: UInt64 = 0
    private(set) var passed: UInt64 = 0
    private(set) var answered: UInt64 = 0
    private(set) var received: UInt64 = 0
    private(set) var receivedBytes: UInt64 = 0

    init(services: Int, backends: Int) {
        drops = Array(repeating: 0, count: DropReason.allCases.count)
    }

    /// Counts a frame and what became of it.
    @inline(__always)
    mutating func note(_ verdict: Verdict, byteCount: Int) {
        received &+= 1
        receivedBytes &+= UInt64(truncatingIfNeeded: byteCount)
        switch verdict {
        case .send, .sendPieces: sent &+= 1
        case .pass: passed &+= 1
        case .answer(let reason):
            answered &+= 1
            drops[Int(reason.index)] &+= 1
        case .drop(let reason): drops[Int(reason.index)] &+= 1
        }
    }

    func drops(_ reason: DropReason) -> UInt64 { drops[reason.index] }
}

extension DropReason {
    /// Its position among all reasons.
    fileprivate var index: Int {
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
