import CPacketSocket
import Synchronization

/// Memory that a table keeps its numbers in.
///
/// A value of this type does not own the memory: it may only be kept beside the ``TableAllocation`` that does. Every
/// access is checked against the bounds; one outside them is a mistake of the table, not of the network, and ends the
/// program. Numbers need no alignment, but tables align them, so that a number never lies in two cache lines.
@safe
struct TableMemory: @unchecked Sendable {
    // Invariant: `base ..< base + byteCount` may be read and written for as long as the allocation lives that it came
    // from, and has been written before; a part of it lies inside of it, which `part` checks.
    private let base: UnsafeMutableRawPointer
    let byteCount: Int

    @unsafe
    init(base: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.base = base
        self.byteCount = byteCount
    }

    /// The `count` bytes from `offset` on.
    func part(at offset: Int, byteCount count: Int) -> TableMemory {
        precondition(offset >= 0 && count >= 0 && offset <= byteCount - count, "a part outside of a table's memory")
        return unsafe TableMemory(base: base + offset, byteCount: count)
    }

    @inline(__always)
    private func address(of count: Int, at offset: Int) -> UnsafeMutableRawPointer {
        // One comparison for both ends: what would be negative is a very large number.
        precondition(
            UInt(bitPattern: offset) <= UInt(bitPattern: byteCount &- count) && count <= byteCount,
            "a number outside of a table's memory")
        return unsafe base + offset
    }

    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        unsafe address(of: 1, at: offset).load(as: UInt8.self)
    }

    @inline(__always)
    func store(byte: UInt8, at offset: Int) {
        unsafe address(of: 1, at: offset).storeBytes(of: byte, as: UInt8.self)
    }

    @inline(__always)
    func word16(at offset: Int) -> UInt16 {
        unsafe address(of: 2, at: offset).loadUnaligned(as: UInt16.self)
    }

    @inline(__always)
    func store(_ word: UInt16, at offset: Int) {
        unsafe address(of: 2, at: offset).storeBytes(of: word, as: UInt16.self)
    }

    @inline(__always)
    func word32(at offset: Int) -> UInt32 {
        unsafe address(of: 4, at: offset).loadUnaligned(as: UInt32.self)
    }

    @inline(__always)
    func store(_ word: UInt32, at offset: Int) {
        unsafe address(of: 4, at: offset).storeBytes(of: word, as: UInt32.self)
    }

    @inline(__always)
    func word64(at offset: Int) -> UInt64 {
        unsafe address(of: 8, at: offset).loadUnaligned(as: UInt64.self)
    }

    @inline(__always)
    func store(_ word: UInt64, at offset: Int) {
        unsafe address(of: 8, at: offset).storeBytes(of: word, as: UInt64.self)
    }

    /// A count that other threads may read meanwhile; its offset is a multiple of 8.
    @inline(__always)
    func count(at offset: Int) -> UInt64 {
        unsafe address(of: 8, at: offset).assumingMemoryBound(to: Atomic<UInt64>.self).pointee.load(ordering: .relaxed)
    }

    /// Changes a count that other threads may read and only this one writes: a plain addition, which locks nothing.
    @inline(__always)
    func add(_ change: UInt64, toCountAt offset: Int) {
        let count = unsafe address(of: 8, at: offset).assumingMemoryBound(to: Atomic<UInt64>.self)
        unsafe count.pointee.store(count.pointee.load(ordering: .relaxed) &+ change, ordering: .relaxed)
    }

    /// Changes two counts, one behind the other, that other threads may read and only this one writes.
    @inline(__always)
    func add(_ first: UInt64, _ second: UInt64, toCountsAt offset: Int) {
        let counts = unsafe address(of: 16, at: offset).assumingMemoryBound(to: Atomic<UInt64>.self)
        unsafe counts[0].store(counts[0].load(ordering: .relaxed) &+ first, ordering: .relaxed)
        unsafe counts[1].store(counts[1].load(ordering: .relaxed) &+ second, ordering: .relaxed)
    }

    /// The cache line at `offset`; `nil` if it is outside of the memory.
    @inline(__always)
    func lineIfAny(at offset: Int) -> TableLine? {
        guard offset >= 0, offset <= byteCount &- TableLine.byteCount else { return nil }
        return unsafe TableLine(base: base + offset)
    }

    /// The cache line at `offset`, checked once for all that is read and written of it.
    @inline(__always)
    func line(at offset: Int) -> TableLine {
        unsafe TableLine(base: address(of: TableLine.byteCount, at: offset))
    }

    /// Makes every byte 0.
    func clear() {
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// Has the cache line at `offset` fetched; an offset outside of the memory does nothing.
    @inline(__always)
    func prefetch(at offset: Int) {
        // A prefetch reads nothing, and the address is not used otherwise.
        unsafe packet_socket_prefetch(UnsafeRawPointer(bitPattern: UInt(bitPattern: base) &+ UInt(bitPattern: offset)))
    }
}

/// A cache line of a table's memory.
@safe
struct TableLine {
    // Invariant: `base` is followed by 64 bytes that may be read and written for as long as the allocation lives, and
    // every access is checked against them; with offsets that are written down the check is done when this is compiled.
    private let base: UnsafeMutableRawPointer

    static let byteCount = 64

    @inline(__always)
    @unsafe
    init(base: UnsafeMutableRawPointer) {
        unsafe self.base = base
    }

    @inline(__always)
    private func address(of count: Int, at offset: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && offset <= Self.byteCount &- count, "a number outside of a cache line")
        return unsafe base + offset
    }

    @inline(__always)
    func word32(at offset: Int) -> UInt32 {
        unsafe address(of: 4, at: offset).loadUnaligned(as: UInt32.self)
    }

    @inline(__always)
    func store(_ word: UInt32, at offset: Int) {
        unsafe address(of: 4, at: offset).storeBytes(of: word, as: UInt32.self)
    }

    @inline(__always)
    func word64(at offset: Int) -> UInt64 {
        unsafe address(of: 8, at: offset).loadUnaligned(as: UInt64.self)
    }

    /// Which of the first sixteen bytes are `byte`: a bit for each, the first one's lowest.
    @inline(__always)
    func matches(_ byte: UInt8) -> UInt32 {
        unsafe packet_socket_matches(address(of: 16, at: 0), byte)
    }
}
