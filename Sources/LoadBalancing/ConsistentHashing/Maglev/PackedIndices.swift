/// A table of small numbers, each as wide as the largest of them may need: one, two or four bytes.
///
/// A read is one load of four bytes, a shift and a mask, whatever the width; there is nothing to branch on.
///
/// Invariant: `base` is the storage's memory, which for as long as `storage` lives holds `count << shift` initialised bytes and
/// three more, so that four bytes can be read at every element; every read is checked against `count`.
@frozen
@usableFromInline
@safe
struct PackedIndices: @unchecked Sendable {
    @usableFromInline let storage: FixedTableStorage<UInt8>
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let count: Int
    @usableFromInline let shift: UInt64
    @usableFromInline let mask: UInt32

    /// Packs numbers that are below `bound`.
    init(_ numbers: [UInt32], below bound: Int) {
        let shift: UInt64 = bound <= 1 << 8 ? 0 : bound <= 1 << 16 ? 1 : 2
        let width = 1 << Int(shift)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * width + 3)
        for number in numbers {
            var rest = number
            for _ in 0..<width {
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        }
        bytes.append(contentsOf: [0, 0, 0])
        storage = FixedTableStorage(bytes)
        unsafe base = UnsafeRawPointer(storage.base)
        count = numbers.count
        self.shift = shift
        mask = shift == 0 ? 0xFF : shift == 1 ? 0xFFFF : 0xFFFF_FFFF
    }

    /// The element at `position`; `nil` behind the last.
    @inlinable
    @inline(__always)
    subscript(_ position: UInt64) -> Int? {
        guard position < UInt64(truncatingIfNeeded: count) else { return nil }
        let offset = Int(truncatingIfNeeded: position &<< shift)
        let word = unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return Int(UInt32(littleEndian: word) & mask)
    }
}
