/// What an engine counts of packets, as the packet path sees it: plain additions in memory that other threads may read.
struct EngineCounters {
    /// Owns the memory.
    let tally: PacketTally
    private let all: TableMemory
    private let services: TableMemory
    private let backends: TableMemory

    init(services: Int, backends: Int) {
        tally = PacketTally(services: services, backends: backends)
        all = tally.all
        self.services = tally.serviceMemory
        self.backends = tally.backendMemory
    }

    /// Counts a frame and what became of it.
    ///
    /// - Parameters:
    ///   - verdict: what became of it.
    ///   - byteCount: its length as it came.
    ///   - course: whose it was.
    @inline(__always)
    func note(_ verdict: Verdict, byteCount: Int, _ course: PacketCourse) {
        let byteCount = UInt64(truncatingIfNeeded: byteCount)
        add(1, .received)
        add(byteCount, .receivedBytes)
        switch verdict {
        case .send, .sendPieces:
            add(1, .sent)
            let place = Int(truncatingIfNeeded: course.backend) &* PacketTally.Backend.byteCount
            guard place < backends.byteCount else { return }
            let counts = place &+ (course.isReturn ? PacketTally.Backend.returned : PacketTally.Backend.sent) &* 8
            backends.add(1, toCountAt: counts)
            backends.add(byteCount, toCountAt: counts &+ 8)
        case .pass: add(1, .passed)
        case .drop(let reason): note(reason, isAnswered: false, course)
        case .answer(let reason): note(reason, isAnswered: true, course)
        }
    }

    /// Counts a frame that no packet caused.
    func noteOriginated() { add(1, .originated) }

    /// Says how many prefixes of clients are remembered.
    func setPersistentPrefixes(_ count: Int) {
        add(UInt64(count) &- tally.count(.persistentPrefixes), .persistentPrefixes)
    }

    @inline(never)
    private func note(_ reason: DropReason, isAnswered: Bool, _ course: PacketCourse) {
        all.add(1, toCountAt: (PacketTally.All.drops &+ reason.index) &* 8)
        if isAnswered { add(1, .answered) }
        let place = Int(course.service) &* PacketTally.Service.byteCount
        guard place < services.byteCount else { return }
        services.add(1, toCountAt: place &+ reason.index &* 8)
        if isAnswered { services.add(1, toCountAt: place &+ PacketTally.Service.answered &* 8) }
    }

    @inline(__always)
    private func add(_ change: UInt64, _ place: PacketTally.All.Place) {
        all.add(change, toCountAt: place.rawValue &* 8)
    }
}

/// Whose a packet turned out to be: noted on its way, and counted at its end.
struct PacketCourse: BitwiseCopyable {
    /// The number of the service; the highest one for none.
    var service: UInt16 = .max
    /// Whether it came from the backend.
    var isReturn = false
    /// The number of the backend; the highest one for none.
    var backend: UInt32 = .max
}
