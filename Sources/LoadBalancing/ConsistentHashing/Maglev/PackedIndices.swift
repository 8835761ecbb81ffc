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
    @usableFromInline let storage: PackedIndicesStorage
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let count: Int
    @usableFromInline let shift: UInt64
    @usableFromInline let mask: UInt32

    /// Packs numbers that are below `bound`.
    init(_ numbers: [UInt32], below bound: Int) {
        shift = bound <= 1 << 8 ? 0 : bound <= 1 << 16 ? 1 : 2
        mask = shift == 0 ? 0xFF : shift == 1 ? 0xFFFF : 0xFFFF_FFFF
        count = numbers.count
        storage = PackedIndicesStorage(byteCount: count << Int(shift) + 3)
        unsafe base = UnsafeRawPointer(storage.base)
        switch shift {
        case 0: storage.fill(numbers, as: UInt8.self)
        case 1: storage.fill(numbers, as: UInt16.self)
        default: storage.fill(numbers, as: UInt32.self)
        }
    }

    /// All elements.
    var elements: [Int] { (0..<UInt64(count)).compactMap { self[$0] } }

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

/// The owner of the memory of ``PackedIndices``.
@usableFromInline
@safe
final class PackedIndicesStorage: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = byteCount
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    /// Writes the low bytes of `numbers` one after another.
    func fill<Width: FixedWidthInteger>(_ numbers: [UInt32], as width: Width.Type) {
        let stride = MemoryLayout<Width>.stride
        precondition(numbers.count * stride <= byteCount, "more numbers than there is memory for")
        var offset = 0
        for number in numbers {
            let value = Width(truncatingIfNeeded: number).littleEndian
            unsafe base.storeBytes(of: value, toByteOffset: offset, as: width)
            offset &+= stride
        }
    }

    deinit {
        unsafe base.deallocate()
    }
}
