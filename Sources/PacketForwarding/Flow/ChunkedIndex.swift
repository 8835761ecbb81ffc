/// A hash index of numbered things: chunks of twelve, a cache line each, that say where to look.
///
/// A thing lies in the first chunk with room of its probe sequence, which begins where its hash says. Each chunk holds
/// a byte of every thing's hash and counts the things that went past it, so a search reads one line (rarely two), meets
/// about one stranger in twenty, and ends at the first chunk that nobody went past. Removal undoes those counts:
/// nothing is left behind that would slow later searches. What the index holds is numbers; that a thing is the right
/// one, only whoever keeps the things can tell.
///
/// A probe sequence is at most ``probeLimit`` chunks long. At the load the index is made for, one chunk in eight is
/// full, so all of them are for one thing in 10¹⁰.
///
/// - Note: The counts are those of Bronson and Shi, *Open-sourcing F14 for faster, more memory-efficient hash tables*,
///   2019.
struct ChunkedIndex {
    /// A chunk begins with twelve bytes of hashes, 0 where there is room.
    private enum Offset {
        /// How many things went past, as far as a byte can count; from 255 on nobody counts any more.
        static let passed = 12
        static let positions = 16
        static let end = 64
    }

    static let slotCount = 12
    /// The most chunks that a thing is looked for in.
    static let probeLimit = 12

    private let memory: TableMemory
    private let chunkCount: UInt64

    /// Chunks for `count` things, 8 in each on the average.
    static func chunkCount(for count: Int) -> Int {
        max(2, (count + 7) / 8)
    }

    static func byteCount(for count: Int) -> Int {
        chunkCount(for: count) * Offset.end
    }

    /// An index of nothing in `memory`, whatever that holds.
    init(clearing memory: TableMemory) {
        memory.clear()
        self.memory = memory
        chunkCount = UInt64(memory.byteCount / Offset.end)
    }

    /// Asks for the chunk that a search for `hash` begins with.
    @inline(__always)
    func prefetch(_ hash: UInt64) {
        memory.prefetch(at: home(of: hash))
    }

    /// The first thing that a search for `hash` would try, or any number if there is none.
    @inline(__always)
    func candidate(_ hash: UInt64) -> UInt32 {
        let chunk = memory.line(at: home(of: hash))
        let matches = Self.matches(Self.tag(of: hash), in: chunk)
        return matches == 0 ? .max : chunk.word32(at: Offset.positions &+ matches.trailingZeroBitCount &* 4)
    }

    /// The thing with this hash that `isMeant` recognises.
    @inline(__always)
    func first(_ hash: UInt64, where isMeant: (UInt32) -> Bool) -> UInt32? {
        var found: UInt32?
        search(hash) { chunk, slot in
            let position = position(at: slot, of: chunk)
            guard isMeant(position) else { return false }
            found = position
            return true
        }
        return found
    }

    /// Whether there is room for a thing with this hash.
    func hasRoom(_ hash: UInt64) -> Bool {
        var chunk = home(of: hash)
        for _ in 0..<Self.probeLimit {
            if freeSlot(of: chunk) != nil { return true }
            chunk = next(after: chunk, hash)
        }
        return false
    }

    /// Takes in a thing that is not here yet; `false` if its probe sequence is full.
    func insert(_ position: UInt32, _ hash: UInt64) -> Bool {
        guard hasRoom(hash) else { return false }
        var chunk = home(of: hash)
        while true {
            if let slot = freeSlot(of: chunk) {
                memory.store(position, at: chunk &+ Offset.positions &+ slot &* 4)
                memory.store(byte: Self.tag(of: hash), at: chunk &+ slot)
                return true
            }
            let passed = memory.byte(at: chunk &+ Offset.passed)
            if passed < .max { memory.store(byte: passed &+ 1, at: chunk &+ Offset.passed) }
            chunk = next(after: chunk, hash)
        }
    }

    /// Removes the thing that was taken in with this hash; `false` if it is not here.
    @discardableResult
    func remove(_ position: UInt32, _ hash: UInt64) -> Bool {
        var place: (chunk: Int, slot: Int)?
        search(hash) { chunk, slot in
            guard self.position(at: slot, of: chunk) == position else { return false }
            place = (chunk, slot)
            return true
        }
        guard let place else { return false }
        memory.store(byte: 0, at: place.chunk &+ place.slot)
        var chunk = home(of: hash)
        while chunk != place.chunk {
            let passed = memory.byte(at: chunk &+ Offset.passed)
            if passed < .max { memory.store(byte: passed &- 1, at: chunk &+ Offset.passed) }
            chunk = next(after: chunk, hash)
        }
        return true
    }

    /// Calls `isMeant` for each slot whose tag fits, until it says so.
    @inline(__always)
    private func search(_ hash: UInt64, _ isMeant: (_ chunk: Int, _ slot: Int) -> Bool) {
        let tag = Self.tag(of: hash)
        var chunk = home(of: hash)
        for _ in 0..<Self.probeLimit {
            var matches = Self.matches(tag, in: memory.line(at: chunk))
            while matches != 0 {
                if isMeant(chunk, matches.trailingZeroBitCount) { return }
                matches &= matches &- 1
            }
            guard memory.byte(at: chunk &+ Offset.passed) != 0 else { return }
            chunk = next(after: chunk, hash)
        }
    }

    /// Where the first chunk of a probe sequence lies: the upper half of the hash decides.
    @inline(__always)
    private func home(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: ((hash &>> 32) &* chunkCount) &>> 32) &* Offset.end
    }

    /// Where the chunk after one lies: 24 other bits of the hash decide how far.
    @inline(__always)
    private func next(after chunk: Int, _ hash: UInt64) -> Int {
        let step = 1 &+ ((hash &>> 8 & 0xFF_FFFF) &* (chunkCount &- 1)) &>> 24
        let next = chunk &+ Int(truncatingIfNeeded: step) &* Offset.end
        return next < memory.byteCount ? next : next &- Int(truncatingIfNeeded: chunkCount) &* Offset.end
    }

    /// The last byte of the hash, but never 0.
    @inline(__always)
    private static func tag(of hash: UInt64) -> UInt8 {
        max(UInt8(truncatingIfNeeded: hash), 1)
    }

    /// The slots of a chunk that have a tag, a bit for each.
    @inline(__always)
    private static func matches(_ tag: UInt8, in chunk: TableLine) -> UInt32 {
        chunk.matches(tag) & (1 &<< UInt32(slotCount) &- 1)
    }

    private func freeSlot(of chunk: Int) -> Int? {
        let free = Self.matches(0, in: memory.line(at: chunk))
        return free == 0 ? nil : free.trailingZeroBitCount
    }

    @inline(__always)
    private func position(at slot: Int, of chunk: Int) -> UInt32 {
        memory.word32(at: chunk &+ Offset.positions &+ slot &* 4)
    }
}
