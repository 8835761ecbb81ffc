/// The backends that one request was already tried on, so that a retry goes elsewhere.
///
/// Eight are remembered, in place; a ninth takes the place of the oldest. Backends are remembered by the number of their
/// slot, which an update does not change, not by their index, which it may; and by its lower 16 bits: where a set has
/// more than 65,535 backends, or has had in the course of time, a retry may pass over another backend with the same.
///
/// - Complexity: O(1), no allocation.
@frozen
public struct TriedBackends: Hashable, Sendable {
    // 16 bytes: what one vector register holds.
    @usableFromInline var slots = SIMD8<UInt16>(repeating: UInt16(Slot.noID))
    /// How many backends were inserted, those forgotten included.
    @usableFromInline var inserted: UInt32 = 0

    /// No backends.
    @inlinable
    public init() {}

    /// How many backends can be remembered at once: 8.
    public static var capacity: Int { 8 }

    /// How many backends were inserted, those forgotten included.
    public var count: Int { Int(inserted) }

    /// Whether no backend was tried.
    @inlinable
    public var isEmpty: Bool { inserted == 0 }

    /// Remembers a backend by the number of its slot; see ``BackendPool/slotID(at:)``.
    public mutating func insert(_ slotID: UInt32) {
        guard slotID != Slot.noID, !contains(slotID) else { return }
        slots[count % Self.capacity] = UInt16(truncatingIfNeeded: slotID)
        inserted += 1
    }

    /// Whether a backend is remembered.
    @inlinable
    public func contains(_ slotID: UInt32) -> Bool {
        any(slots .== UInt16(truncatingIfNeeded: slotID))
    }
}
