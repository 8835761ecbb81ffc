import CPacketSocket

/// The memory of a table, which is either the table's own or lent to it.
@safe
struct TableAllocation: ~Copyable, @unchecked Sendable {
    // Invariant: `buffer` may be read and written while this value lives: it is freed in `deinit` if it was allocated
    // here, and else whoever lent it promised so.
    private let buffer: UnsafeMutableRawBufferPointer
    private let isOwned: Bool

    /// What tables align their parts to: a cache line.
    static let alignment = 64

    /// What large tables are aligned to: a large page, so that a million flows need not a million entries of a cache of pages.
    private static let pageByteCount = 1 << 21

    /// Memory of its own; what it holds is 0.
    init(byteCount: Int) {
        let isLarge = byteCount >= Self.pageByteCount
        unsafe buffer = .allocate(
            byteCount: max(byteCount, 8), alignment: isLarge ? Self.pageByteCount : Self.alignment)
        isOwned = true
        if isLarge { unsafe packet_socket_prefer_huge_pages(buffer.baseAddress, buffer.count) }
        memory.clear()
    }

    /// Memory that is lent, and has been written before (memory of the kernel's is, by 0).
    @unsafe
    init(lent buffer: UnsafeMutableRawBufferPointer) {
        unsafe self.buffer = buffer
        isOwned = false
    }

    deinit {
        if isOwned { unsafe buffer.deallocate() }
    }

    /// All of the memory, for whoever keeps this value too.
    var memory: TableMemory {
        guard let base = unsafe buffer.baseAddress else { preconditionFailure("a table without memory") }
        return unsafe TableMemory(base: base, byteCount: buffer.count)
    }
}

/// Where the parts of a table's memory lie, one behind the other, each at a cache line of its own.
struct TableLayout {
    private(set) var byteCount = 0

    /// Makes room for a part; gives where it begins.
    mutating func place(byteCount count: Int) -> Int {
        let start = byteCount
        byteCount += (count + TableAllocation.alignment - 1) / TableAllocation.alignment * TableAllocation.alignment
        return start
    }
}
