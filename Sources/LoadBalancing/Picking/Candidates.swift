/// What every kind of picker asks about a candidate, and what it does when its first choice may not be taken.
extension BackendPool {
    /// Whether a backend may be chosen for `request`: its gate is open, its weight and its fraction are not 0, and it was
    /// not tried before.
    @inlinable
    public func admits(_ index: Int, for request: PickRequest) -> Bool {
        admission(at: index).isOpen && weight(at: index) > 0
            && (request.tried.isEmpty || !request.tried.contains(slotID(at: index)))
    }

    /// Whether any backend but those of weight 0 may be chosen, without a look at each.
    @inlinable
    func admitsAll(for request: PickRequest) -> Bool {
        isUnrestricted && request.tried.isEmpty
    }

    /// Whether a backend that was drawn is taken: admitted, and with the probability that its fraction says.
    @inlinable
    func accepts(_ index: Int, for request: PickRequest, using generator: inout SeededGenerator) -> Bool {
        guard admits(index, for: request) else { return false }
        let steps = admission(at: index).steps
        return steps >= Admission.one || UInt32(truncatingIfNeeded: generator.next() >> 48) < steps
    }

    /// Weight × fraction in units that let the sum over all backends fit a word: whole ones unless the weights add up to
    /// 2⁴⁷ or more, and then at least 1 for whoever has any.
    @inlinable
    func summableShare(of index: Int) -> UInt64 {
        generation.summableShare(of: weight(at: index), admission(at: index))
    }

    /// A draw among the admitted, by weight × fraction or by fraction alone.
    ///
    /// - Complexity: O(count); for the rare pick whose first draws were all refused.
    @usableFromInline
    func drawAmongAdmitted(
        for request: PickRequest, evenly: Bool, excluding excluded: Int? = nil, using generator: inout SeededGenerator
    ) -> Int? {
        func share(_ index: Int) -> UInt64 {
            guard index != excluded, admits(index, for: request) else { return 0 }
            return evenly ? UInt64(admission(at: index).steps) : summableShare(of: index)
        }
        var total: UInt64 = 0
        for index in 0..<count { total &+= share(index) }
        guard total > 0 else { return nil }
        var rest = generator.next(below: total)
        var last: Int?
        for index in 0..<count {
            let share = share(index)
            guard share > 0 else { continue }
            if rest < share { return index }
            rest &-= share
            last = index
        }
        // An admission was taken back between the two passes: the last that is still admitted.
        return last
    }
}
