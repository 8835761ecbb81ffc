/// Makes slots, finds the slot of an identity, and takes slots back.
///
/// Each slot keeps its registry alive, so a lease may outlive its balancer. Memory comes in slabs, is used again, and
/// goes back to the system with the registry.
@usableFromInline
@safe
final class SlotRegistry: Sendable {
    let time: TimeSource
    let measurement: Measurement
    let loadIndex: LoadIndex?
    /// Who is told of leases that end, where they are limited.
    let observer: (any SlotObserver)?
    /// Who is told of leases that fail; `nil` if nobody wants to know.
    let failureObserver: (any SlotObserver)?
    /// `loadIndex`, for every lease: through a reference that is not counted.
    ///
    /// Invariant: `loadIndex` keeps it alive as long as the registry lives.
    private let uncountedLoadIndex: Unmanaged<LoadIndex>?
    let total: InFlightTotal?
    /// Whether counts stand for no leases: then slots go with the generations that hold them.
    private let isScripted: Bool
    let state = Guarded(State())

    struct State {
        var slabs: [SlotSlab] = []
        var free: [Slot] = []
        /// The slot that stands for an identity now.
        var current: [String: Slot] = [:]
        /// Slots that are not in the set in force, but held by leases, or by a generation that somebody still uses.
        var draining: [UInt32: Slot] = [:]
        var lastID: UInt32 = 0

        /// Adds at least `count` free slots: a slab of what is needed, and not much less than is worth a slab.
        mutating func addSlots(_ count: Int) {
            let slab = SlotSlab(count: max(8, count))
            slabs.append(slab)
            free.append(contentsOf: slab.slots.reversed())
        }
    }

    init(
        time: TimeSource, measurement: Measurement, loadIndex: LoadIndex?, total: InFlightTotal? = nil,
        observer: (any SlotObserver)? = nil, watchesFailures: Bool = false, isScripted: Bool = false
    ) {
        self.observer = observer
        failureObserver = watchesFailures ? observer : nil
        self.time = time
        self.measurement = measurement
        self.loadIndex = loadIndex
        self.total = total
        self.isScripted = isScripted
        unsafe uncountedLoadIndex = unsafe loadIndex.map(Unmanaged.passUnretained)
    }

    deinit {
        total?.destroy()
    }

    /// Uses the load index, if there is one.
    @inline(__always)
    func withLoadIndex<Result>(_ body: (LoadIndex) -> Result) -> Result? {
        unsafe uncountedLoadIndex?._withUnsafeGuaranteedRef(body)
    }

    /// Tells who asked to be told that a slot has one lease more or less.
    func loadChanged(leaf: UInt32, by change: Int) {
        withLoadIndex { $0.loadChanged(leaf: leaf, by: change) }
        total?.add(change)
    }

    /// The slots of `members`, each held once more; slots are made for identities that have none.
    ///
    /// - Parameters:
    ///   - members: identities, each with the object that a new slot carries.
    ///   - isSame: whether the carried object of a found slot still stands for the given one; if not, the identity gets
    ///     a new slot and the old one drains.
    /// - Returns: a slot for each member, in order.
    /// - Complexity: O(members), under the lock.
    func hold(
        _ members: [(identity: String, payload: AnyObject)], isSame: (AnyObject, AnyObject) -> Bool
    ) -> [Slot] {
        state.withLock { state in
            let missing = members.count { state.current[$0.identity] == nil }
            if missing > state.free.count { state.addSlots(missing - state.free.count) }
            return members.map { member in
                if let slot = state.current[member.identity], isSame(slot.payload, member.payload), slot.hold() {
                    state.draining[slot.id] = nil
                    return slot
                }
                if let old = state.current[member.identity] { state.draining[old.id] = old }
                let slot = makeSlot(for: member.identity, payload: member.payload, in: &state)
                state.current[member.identity] = slot
                return slot
            }
        }
    }

    /// The number, and the position, of the slot that stands for an identity.
    func find(_ identity: String) -> (id: UInt32, position: Int)? {
        state.withLock { state in state.current[identity].map { ($0.id, $0.position) } }
    }

    /// Notes that `slots` are not in the set in force any more, whoever may still hold them.
    func leave(_ slots: [Slot]) {
        state.withLock { state in
            for slot in slots {
                loadIndex?.setWeight(0, of: slot.leaf)
                state.draining[slot.id] = slot
            }
        }
    }

    /// Gives up one hold on each of `slots`.
    func release(_ slots: some Sequence<Slot>) {
        // What the slots referred to goes after the lock is left: a payload's deinit is the user's code.
        var retired: [(SlotRegistry, AnyObject)] = []
        state.withLock { state in
            for slot in slots where slot.dropHold() {
                loadIndex?.setWeight(0, of: slot.leaf)
                state.draining[slot.id] = slot
                if slot.dropMembership() || isScripted { retired.append(remove(slot, from: &state)) }
            }
        }
        retired.removeAll()
    }

    /// Takes back a slot whose last reference is gone.
    func retire(_ slot: Slot) {
        _ = state.withLock { remove(slot, from: &$0) }
    }

    /// The slots that are not in the set in force and have leases in flight.
    func draining() -> [(identity: String, inFlight: Int)] {
        state.withLock { state in
            state.draining.values.map { ($0.identity, $0.leaseCount) }.filter { $0.1 > 0 }
        }
    }

    private func makeSlot(for identity: String, payload: AnyObject, in state: inout State) -> Slot {
        if state.free.isEmpty { state.addSlots(1) }
        state.lastID &+= 1
        if UInt16(truncatingIfNeeded: state.lastID) == Slot.noID { state.lastID &+= 1 }
        let slot = state.free.removeLast()
        slot.initialize(
            SlotStorage(
                id: state.lastID, leaf: loadIndex?.open() ?? (total == nil ? LoadIndex.none : LoadIndex.totalOnly),
                identity: identity,
                measurement: measurement, registry: self, payload: payload))
        return slot
    }

    private func remove(_ slot: Slot, from state: inout State) -> (SlotRegistry, AnyObject) {
        state.draining[slot.id] = nil
        if state.current[slot.identity]?.id == slot.id { state.current[slot.identity] = nil }
        loadIndex?.free(leaf: slot.leaf)
        let retired = slot.deinitialize()
        state.free.append(slot)
        return retired
    }
}
