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
    @usableFromInline let totalWeight: UInt64
    @usableFromInline let hasEqualWeights: Bool
    @usableFromInline let registry: SlotRegistry
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
        for index in 0..<count { orderByLoad(index) }
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
        let old = self.admission(at: index)
        guard old != admission else { return }
        // The count errs on the side of "look closely": up before the word changes, down after.
        if old == .full { restrictedCount.wrappingAdd(1, ordering: .relaxed) }
        unsafe admissions[index].store(admission.word, ordering: .relaxed)
        if admission == .full { restrictedCount.wrappingSubtract(1, ordering: .releasing) }
        orderByLoad(index)
    }

    /// The index of the slot with a number, which is `position` if this generation has it and gave out the positions.
    func index(of id: UInt32, position: Int) -> Int? {
        position < count && slot(at: position).id == id ? position : nil
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
        let admission = admission(at: index)
        loadIndex.setWeight(
            // 12 bits of the fraction: the index wants products of loads and weights to fit a word.
            admission.isOpen ? UInt64(weight(at: index)) * UInt64(max(admission.steps >> 5, 1)) : 0,
            of: slot(at: index).leaf)
    }

    /// The backend of a leaf of the load index; `nil` for a leaf of another generation.
    func index(ofLeaf leaf: UInt32) -> Int? {
        guard Int(leaf) < indicesOfLeaves.count else { return nil }
        let index = indicesOfLeaves[Int(leaf)]
        return index < 0 ? nil : Int(index)
    }
}
