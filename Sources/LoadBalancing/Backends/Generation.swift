public import Synchronization

/// One set of backends as pickers see it: dense tables that live until the last pool that shows them is gone.
///
/// Invariant: each table holds `count` initialised elements at addresses that never change. Every slot in `slots` is held
/// by this generation, so its memory is valid while the generation lives.
@usableFromInline
@safe
final class Generation: @unchecked Sendable {
    @usableFromInline let count: Int
    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline let weights: UnsafeMutablePointer<UInt32>
    @usableFromInline let admissions: UnsafeMutablePointer<Atomic<UInt32>>
    /// How many backends are not admitted in full.
    @usableFromInline let restrictedCount: Atomic<Int>
    /// The ``summableShare(of:_:)`` of all whose gate is open.
    @usableFromInline let admittedShareSum = Atomic<UInt64>(0)
    @usableFromInline let totalWeight: UInt64
    @usableFromInline let hasEqualWeights: Bool
    @usableFromInline let registry: SlotRegistry
    /// The leases in flight on all slots of the registry, if they are counted.
    @usableFromInline let total: InFlightTotal?
    /// How latencies are averaged: what each slot says as well, but on another cache line than its counts.
    @usableFromInline let estimator: LatencyEstimator?
    /// Whether the start times of leases are summed, and so their ages known.
    @usableFromInline let knowsAges: Bool
    /// Backend indices by leaf of the load index; empty without an index.
    private let indicesOfLeaves: [Int32]

    /// Takes over one hold of the registry on each of `slots`.
    init(slots: [Slot], weights: [UInt32], admissions: [Admission], registry: SlotRegistry) {
        let count = slots.count
        precondition(weights.count == count && admissions.count == count, "one weight and one admission a backend")
        self.count = count
        self.registry = registry
        total = registry.total
        estimator = registry.measurement.latency
        knowsAges = registry.measurement.sumsStartTimes
        unsafe self.slots = .allocate(capacity: max(count, 1))
        unsafe self.weights = .allocate(capacity: max(count, 1))
        unsafe self.admissions = .allocate(capacity: max(count, 1))
        for index in 0..<count {
            unsafe (self.slots + index).initialize(to: slots[index])
            unsafe (self.weights + index).initialize(to: weights[index])
            unsafe (self.admissions + index).initialize(to: Atomic(admissions[index].word))
        }
        restrictedCount = Atomic(admissions.count { $0 != .full })
        totalWeight = weights.reduce(0) { $0 + UInt64($1) }
        hasEqualWeights = weights.allSatisfy { $0 == weights.first }

        var indices: [Int32] = []
        if registry.loadIndex != nil {
            for (index, slot) in slots.enumerated() {
                let leaf = Int(slot.leaf)
                if leaf >= indices.count {
                    indices.append(contentsOf: repeatElement(-1, count: leaf + 1 - indices.count))
                }
                indices[leaf] = Int32(truncatingIfNeeded: index)
            }
        }
        indicesOfLeaves = indices
        for index in 0..<count {
            orderByLoad(index)
            addShare(of: index, from: Admission(gate: .down), to: admission(at: index))
        }
    }

    deinit {
        unsafe registry.release(UnsafeBufferPointer(start: slots, count: count))
        unsafe slots.deallocate()
        unsafe weights.deallocate()
        unsafe admissions.deallocate()
    }

    @inlinable
    func check(_ index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "a backend index outside the pool")
    }

    @inlinable
    func slot(at index: Int) -> Slot {
        check(index)
        return unsafe slots[index]
    }

    @inlinable
    func weight(at index: Int) -> UInt32 {
        check(index)
        return unsafe weights[index]
    }

    @inlinable
    func admission(at index: Int) -> Admission {
        check(index)
        return Admission(word: unsafe admissions[index].load(ordering: .relaxed))
    }

    /// Whether everybody is admitted in full.
    @inlinable
    var isUnrestricted: Bool {
        restrictedCount.load(ordering: .acquiring) == 0
    }

    /// Changes an admission; one caller at a time.
    func setAdmission(_ admission: Admission, at index: Int) {
        exchangeAdmission(at: index) { $0 & Admission.fullBit | admission.word }
    }

    /// Changes the word of an admission as a whole.
    func exchangeAdmission(at index: Int, _ change: (UInt32) -> UInt32) {
        check(index)
        var old = unsafe admissions[index].load(ordering: .relaxed)
        if change(old) != old {
            // The count errs on the side of "look closely": up before the word changes, down after.
            restrictedCount.wrappingAdd(1, ordering: .acquiringAndReleasing)
            while true {
                let (exchanged, original) = unsafe admissions[index].compareExchange(
                    expected: old, desired: change(old), ordering: .acquiringAndReleasing)
                if exchanged { break }
                old = original
            }
            let full = Admission.full.word
            let surplus = 1 - (change(old) == full ? 0 : 1) + (old == full ? 0 : 1)
            restrictedCount.wrappingSubtract(surplus, ordering: .releasing)
        }
        orderByLoad(index)
        addShare(of: index, from: Admission(word: old), to: Admission(word: change(old)))
    }

    /// Weight × fraction in units that let the sum over all backends fit a word: whole ones unless the weights add up to
    /// 2⁴⁷ or more, and then at least 1 for whoever has any.
    @inlinable
    func summableShare(of weight: UInt32, _ admission: Admission) -> UInt64 {
        let share = UInt64(weight) * UInt64(admission.steps)
        let free = totalWeight.leadingZeroBitCount
        return free > 16 || share == 0 ? share : max(share >> UInt64(17 - free), 1)
    }

    /// Weight × fraction of all whose gate is open.
    @inlinable
    var admittedShares: UInt64 { admittedShareSum.load(ordering: .relaxed) }

    /// Notes that an admission has changed.
    private func addShare(of index: Int, from old: Admission, to new: Admission) {
        func share(_ admission: Admission) -> UInt64 {
            admission.isOpen ? summableShare(of: weight(at: index), admission) : 0
        }
        admittedShareSum.wrappingAdd(share(new) &- share(old), ordering: .relaxed)
    }

    /// The index of the slot with a number, which is `position` if this generation has it and gave out the positions.
    func index(of id: UInt32, position: Int) -> Int? {
        position < count && slot(at: position).id == id ? position : nil
    }

    /// The index of the slot with a number, if this generation has it, whatever its position.
    ///
    /// - Complexity: O(count).
    func index(of id: UInt32) -> Int? {
        (0..<count).first { slot(at: $0).id == id }
    }

    /// The index of the backend of an identity, if this generation has it, whatever the registry knows.
    ///
    /// - Complexity: O(count).
    func index(of identity: String) -> Int? {
        (0..<count).first { slot(at: $0).identity == identity }
    }

    /// Makes this generation the one that positions refer to.
    func givePositions() {
        for index in 0..<count { slot(at: index).position = index }
    }

    /// The slots that another generation, which has given out the positions, does not have.
    func members(notIn other: Generation) -> [Slot] {
        (0..<count).map(slot(at:)).filter { other.index(of: $0.id, position: $0.position) == nil }
    }

    /// Tells the load index what this generation thinks of a backend.
    private func orderByLoad(_ index: Int) {
        guard let loadIndex = registry.loadIndex else { return }
        var admission = admission(at: index)
        while true {
            loadIndex.setWeight(
                // 12 bits of the fraction: the index wants products of loads and weights to fit a word.
                admission.isOpen ? UInt64(weight(at: index)) * UInt64(max(admission.steps >> 5, 1)) : 0,
                of: slot(at: index).leaf)
            // Backends fill and empty under no lock: whoever told the index last has looked at the admission since.
            atomicMemoryFence(ordering: .sequentiallyConsistent)
            let latest = self.admission(at: index)
            if latest == admission { return }
            admission = latest
        }
    }

    /// The backend of a leaf of the load index; `nil` for a leaf of another generation.
    func index(ofLeaf leaf: UInt32) -> Int? {
        guard Int(leaf) < indicesOfLeaves.count else { return nil }
        let index = indicesOfLeaves[Int(leaf)]
        return index < 0 ? nil : Int(index)
    }
}
