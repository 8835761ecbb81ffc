/// What an engine counts of packets, as the packet path sees it: plain additions in memory that other threads may read.
struct EngineCounters {
    /// Owns the memory.
    let tally: PacketTally
    private let all: TableMemory
    private let services: TableMemory
    let backends: BackendCounters

    init(services: Int, backends: Int) {
        tally = PacketTally(services: services, backends: backends)
        all = tally.all
        self.services = tally.serviceMemory
        self.backends = BackendCounters(tally.backendMemory)
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
            backends.note(byteCount, course.backend, isReturn: course.isReturn)
        case .pass: add(1, .passed)
        case .drop(let reason): note(reason, isAnswered: false, course)
        case .answer(let reason): note(reason, isAnswered: true, course)
        }
    }

    /// Counts what became of a frame that was counted as it came.
    ///
    /// - Parameters:
    ///   - verdict: what became of it now.
    ///   - byteCount: its length as it came.
    ///   - course: whose it was.
    func noteAgain(_ verdict: Verdict, byteCount: Int, _ course: PacketCourse) {
        switch verdict {
        case .send, .sendPieces:
            add(1, .sent)
            add(1, .recovered)
            backends.note(UInt64(truncatingIfNeeded: byteCount), course.backend, isReturn: course.isReturn)
        case .answer: noteAnswer(course)
        case .pass, .drop: break
        }
    }

    /// Counts frames that were sent, and of which their backends know already.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - byteCount: their lengths as they came, together.
    func noteSent(_ count: Int, byteCount: Int) {
        add(UInt64(truncatingIfNeeded: count), .received)
        add(UInt64(truncatingIfNeeded: byteCount), .receivedBytes)
        add(UInt64(truncatingIfNeeded: count), .sent)
    }

    /// Counts a frame that no packet caused.
    func noteOriginated() { add(1, .originated) }

    /// Begins anew for a service, whose number another one has had.
    func clear(service: UInt16) {
        services.part(at: Int(service) &* PacketTally.Service.byteCount, byteCount: PacketTally.Service.byteCount)
            .clear()
    }

    /// Says how many prefixes of clients are remembered.
    func setPersistentPrefixes(_ count: Int) {
        add(UInt64(count) &- tally.count(.persistentPrefixes), .persistentPrefixes)
    }

    @inline(never)
    private func note(_ reason: DropReason, isAnswered: Bool, _ course: PacketCourse) {
        all.add(1, toCountAt: (PacketTally.All.drops &+ reason.index) &* 8)
        let place = Int(course.service) &* PacketTally.Service.byteCount
        if place < services.byteCount { services.add(1, toCountAt: place &+ reason.index &* 8) }
        if isAnswered { noteAnswer(course) }
    }

    private func noteAnswer(_ course: PacketCourse) {
        add(1, .answered)
        let place = Int(course.service) &* PacketTally.Service.byteCount
        if place < services.byteCount { services.add(1, toCountAt: place &+ PacketTally.Service.answered &* 8) }
    }

    @inline(__always)
    private func add(_ change: UInt64, _ place: PacketTally.All.Place) {
        all.add(change, toCountAt: place.rawValue &* 8)
    }
}

/// What is counted of backends' packets: to be kept only beside the tally.
struct BackendCounters {
    private let memory: TableMemory

    init(_ memory: TableMemory) {
        self.memory = memory
    }

    /// Begins anew for a backend, whose number another one has had.
    func clear(_ backend: UInt32) {
        let place = Int(truncatingIfNeeded: backend) &* PacketTally.Backend.byteCount
        memory.part(at: place, byteCount: PacketTally.Backend.byteCount).clear()
    }

    /// Counts a packet of `byteCount` bytes to a backend, or from it; of one that is not counted, nothing.
    @inline(__always)
    func note(_ byteCount: UInt64, _ backend: UInt32, isReturn: Bool) {
        let place = Int(truncatingIfNeeded: backend) &* PacketTally.Backend.byteCount
        guard place < memory.byteCount else { return }
        let counts = place &+ (isReturn ? PacketTally.Backend.returned : PacketTally.Backend.sent) &* 8
        memory.add(1, byteCount, toCountsAt: counts)
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
