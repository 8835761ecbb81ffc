import Synchronization

/// Those who wait for the last lease on a slot to end, by the slot's address.
///
/// A lease that has ended may not look at its slot any more: it may be gone, with its registry. So its address alone has to tell
/// who waits, in a table for all registries, as with a futex. Whoever is woken for nothing, because the memory is another
/// slot's by now, looks at the counts and waits again.
///
/// Nothing is lost: whoever waits stands in the table before the slot is marked, and looks at its count afterwards. A lease
/// ends either before the mark is set, and is seen not to be in flight, or after it, and finds mark and table.
enum DrainWatches {
    private static let calls = Guarded<[UInt: [WakeUpCall]]>([:])

    /// Has `call` made when a lease of a marked slot was the last.
    static func add(_ call: WakeUpCall, at slot: Slot) {
        calls.withLock { $0[slot.address, default: []].append(call) }
    }

    /// Forgets `call`; gives whether nobody else waits for its slot.
    static func remove(_ call: WakeUpCall) -> Bool {
        calls.withLock { calls in
            guard let address = calls.first(where: { $0.value.contains { $0 === call } })?.key else { return true }
            calls[address]?.removeAll { $0 === call }
            guard calls[address]?.isEmpty ?? true else { return false }
            calls[address] = nil
            return true
        }
    }

    /// Makes the calls for a slot, which may be gone.
    static func wake(at slot: Slot) {
        for call in calls.withLock({ $0[slot.address] ?? [] }) { call.make() }
    }
}

extension Slot {
    fileprivate var address: UInt { unsafe UInt(bitPattern: storage) }

    /// Says whether somebody waits for the last lease to end.
    func mark(isWatched: Bool) {
        if isWatched {
            unsafe storage.pointee.load.bitwiseOr(LoadWord.watchMark, ordering: .acquiringAndReleasing)
        } else {
            unsafe storage.pointee.load.bitwiseAnd(~LoadWord.watchMark, ordering: .acquiringAndReleasing)
        }
    }
}
