import Synchronization

/// Memory for many slots, each on lines of its own.
///
/// Invariant: the memory is aligned to ``stride``, which is a multiple of the alignment of `SlotStorage` and not less than
/// its size; it lives as long as the slab, and the slab as long as its registry.
@safe
final class SlotSlab: @unchecked Sendable {
    /// Two 64-byte lines: the adjacent-line prefetcher of x86 fetches pairs, and Apple silicon has lines of 128 bytes.
    static let stride = 128

    private let memory: UnsafeMutableRawPointer
    private let count: Int

    init(count: Int) {
        precondition(MemoryLayout<SlotStorage>.size <= Self.stride, "a slot must fit into its lines")
        self.count = count
        unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: count * Self.stride, alignment: Self.stride)
    }

    var slots: [Slot] {
        (0..<count).map { index in
            unsafe Slot(storage: (memory + index * Self.stride).bindMemory(to: SlotStorage.self, capacity: 1))
        }
    }

    deinit {
        unsafe memory.deallocate()
    }
}

/// What only the registry does, under its lock.
extension Slot {
    var identity: String { unsafe storage.pointee.identity }
    var leaf: UInt32 { unsafe storage.pointee.leaf }

    func initialize(_ contents: consuming SlotStorage) {
        unsafe storage.initialize(to: contents)
    }

    /// The backend's index in the generation that was made last, if it is in it.
    var position: Int {
        get { Int(unsafe storage.pointee.position.load(ordering: .relaxed)) }
        nonmutating set { unsafe storage.pointee.position.store(UInt32(newValue), ordering: .relaxed) }
    }

    /// Leases in flight, whether or not a generation holds the slot.
    var leaseCount: Int {
        let isHeld = unsafe storage.pointee.holders.load(ordering: .relaxed) > 0
        return Int(load.references) - (isHeld ? 1 : 0)
    }

    /// Ends the slot's life in this memory and hands on the references that it owned.
    func deinitialize() -> (registry: SlotRegistry, payload: AnyObject) {
        let registry = unsafe storage.pointee.registry.takeRetainedValue()
        let payload = unsafe storage.pointee.payload.takeRetainedValue()
        unsafe storage.deinitialize(count: 1)
        return (registry, payload)
    }

    /// One more generation holds the slot; `false` when its last reference is gone and it is about to be taken back.
    func hold() -> Bool {
        if unsafe storage.pointee.holders.load(ordering: .relaxed) == 0 {
            var old = unsafe storage.pointee.load.load(ordering: .relaxed)
            while true {
                guard LoadWord(bits: old).references > 0 else { return false }
                let (exchanged, original) = unsafe storage.pointee.load.compareExchange(
                    expected: old, desired: old &+ 1, ordering: .acquiring)
                if exchanged { break }
                old = original
            }
        }
        unsafe storage.pointee.holders.wrappingAdd(1, ordering: .relaxed)
        return true
    }

    /// One generation less holds the slot; `true` for the last.
    func dropHold() -> Bool {
        unsafe storage.pointee.holders.wrappingSubtract(1, ordering: .relaxed).newValue == 0
    }

    /// Gives up the reference that stands for membership; `true` when it was the last.
    func dropMembership() -> Bool {
        let old = unsafe storage.pointee.load.wrappingSubtract(1, ordering: .acquiringAndReleasing).oldValue
        return LoadWord(bits: old).references == 1
    }
}
