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

    /// Forgets `call`; gives whether nobody else waits for the slot, which may be gone.
    static func remove(_ call: WakeUpCall, at slot: Slot) -> Bool {
        calls.withLock { calls in
            let others = (calls[slot.address] ?? []).filter { $0 !== call }
            calls[slot.address] = others.isEmpty ? nil : others
            return others.isEmpty
        }
    }

    /// Makes the calls for a slot, which may be gone; whoever still has to wait then asks for another.
    static func wake(at slot: Slot) {
        for call in calls.withLock({ $0.removeValue(forKey: slot.address) }) ?? [] { call.make() }
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
