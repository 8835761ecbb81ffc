/// A table of plain values that is built once, never changes, and is shared by all copies of a picker.
///
/// An `Array` would do, were it not that a read through one may count references; here a read is one load.
///
/// Invariant: `base` is the storage's memory, which holds `count` initialised elements for as long as `storage` lives,
/// and every subscript is checked against `count`.
@frozen
@usableFromInline
@safe
package struct FixedTable<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    @usableFromInline let storage: FixedTableStorage<Element>
    @usableFromInline let base: UnsafePointer<Element>
    @usableFromInline package let count: Int

    @usableFromInline
    package init(_ elements: some Collection<Element>) {
        storage = FixedTableStorage(elements)
        unsafe base = UnsafePointer(storage.base)
        count = storage.count
    }

    @inlinable
    package subscript(_ index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index outside a picker's table")
        return unsafe base[index]
    }

    /// The four elements from `index` on, for one check.
    @inlinable
    @inline(__always)
    func four(at index: UInt32) -> (Element, Element, Element, Element) {
        let index = Int(index)
        precondition(index <= count &- 4, "an index outside a picker's table")
        return unsafe (base[index], base[index &+ 1], base[index &+ 2], base[index &+ 3])
    }
}

/// The owner of a ``FixedTable``'s memory.
@usableFromInline
@safe
final class FixedTableStorage<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: some Collection<Element>) {
        count = elements.count
        unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        var index = 0
        for element in elements where index < count {
            unsafe (base + index).initialize(to: element)
            index += 1
        }
        precondition(index == count, "a collection whose count is not the number of its elements")
    }

    deinit {
        unsafe base.deallocate()
    }
}
