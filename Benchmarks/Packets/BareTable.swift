import CPacketSocket

/// A cache line for each flow, and nothing else: what memory alone makes a packet wait.
@safe
struct BareTable: ~Copyable {
    // Invariant: `memory` holds `lines` lines of 64 bytes, and lines are taken below that number.
    private let memory: UnsafeMutableRawBufferPointer
    private let lines: Int

    init(lines: Int) {
        self.lines = lines
        unsafe memory = .allocate(byteCount: lines * 64, alignment: 1 << 21)
        unsafe packet_socket_prefer_huge_pages(memory.baseAddress, memory.count)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 1)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Nanoseconds to hash a number and change the line that it gives, 32 of them asked for at a time.
    func measure(_ plan: PacketPlan) -> Measurement {
        Measurement(
            runs: (0..<plan.rounds).map { round in
                PacketSurvey.nanoseconds(plan.frames) { Sink.take(walk(plan.frames, from: UInt64(round))) }
            })
    }

    @inline(never)
    private func walk(_ count: Int, from seed: UInt64) -> UInt64 {
        var sum: UInt64 = 0
        for start in stride(from: 0, to: count, by: 32) {
            for number in start..<start + 32 {
                unsafe packet_socket_prefetch(memory.baseAddress.map { unsafe $0 + place(seed, number) })
            }
            for number in start..<start + 32 {
                let place = place(seed, number)
                let word = unsafe memory.load(fromByteOffset: place, as: UInt64.self) &+ 1
                unsafe memory.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
                sum &+= word
            }
        }
        return sum
    }

    @inline(__always)
    private func place(_ seed: UInt64, _ number: Int) -> Int {
        let hash = mixed(seed << 40 &+ UInt64(truncatingIfNeeded: number))
        return Int(truncatingIfNeeded: (hash >> 32 &* UInt64(lines)) >> 32) &* 64
    }
}
