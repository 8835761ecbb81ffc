extension HashRing {
    /// Points on the ring, not counting those that fell on another's place.
    public var pointCount: Int { order.points?.count ?? ends.count }

    /// The point whose keys those of `keyHash` are and its backend, for comparing rings with other programs' output.
    ///
    /// `nil` if none has a weight. A ring of 32 bits has points of 32 bits; of ``RingDialect/standard`` with unequal weights
    /// the point is not known, only where the backend's keys end.
    package func point(for keyHash: UInt64) -> (point: UInt64, backend: Int)? {
        guard ends.count > 0 else { return nil }
        var index = ends.index(of: keyHash &<< hashShift)
        if index == ends.count { index = 0 }
        return (ends.place(at: index) &>> hashShift, ends.owner(at: index))
    }
}

extension RingDialect {
    /// What is to be placed for a set: its weighted backends in the order in which they are counted.
    struct Layout {
        var positions: [Int]
        var texts: [[UInt8]]
        /// Points of each, or digests where they have several.
        var counts: [Int]
    }

    /// Whether a ring can be built of a set, without building it.
    ///
    /// Backends with the same text are found here even if no two of their points meet.
    func check(_ backends: [WeightedName]) throws(HashTableError) {
        try HashTableError.check(backends, maximumCount: RingTable.maximumOwnerCount)
        let layout = try placing(backends).layout(of: backends)
        guard text != .name else { return }
        try Self.checkDistinct(layout.texts, layout.positions.map { backends[$0].name })
    }

    private func layout(of backends: [WeightedName]) throws(HashTableError) -> Layout {
        var positions = backends.indices.filter { backends[$0].weight > 0 }
        var texts: [[UInt8]] = []
        texts.reserveCapacity(positions.count)
        for position in positions { texts.append(try text.bytes(of: backends[position].name)) }
        switch order {
        case .given: break
        case .byName:
            let sorted = positions.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
            (positions, texts) = (sorted.map { positions[$0] }, sorted.map { texts[$0] })
        case .byAddress:
            var addresses: [SocketAddressText] = []
            for position in positions { addresses.append(try RingText.address(backends[position].name)) }
            let sorted = positions.indices.sorted { addresses[$0] < addresses[$1] }
            (positions, texts) = (sorted.map { positions[$0] }, sorted.map { texts[$0] })
        }
        let counts = try counts.counts(
            of: positions.map { backends[$0] }, idle: backends.count - positions.count,
            limit: HashRing.maximumPointCount / places.pointsPerCount)
        return Layout(positions: positions, texts: texts, counts: counts)
    }

    /// The points of a set in the order of their places, no two on the same one.
    func points(of backends: [WeightedName]) throws(HashTableError) -> RingPoints {
        let places = placing(backends).places
        let layout = try placing(backends).layout(of: backends)
        let (positions, texts, counts) = (layout.positions, layout.texts, layout.counts)
        var points = RingPoints(count: counts.reduce(0, +) * places.pointsPerCount, bitWidth: places.bitWidth)
        for index in positions.indices {
            places.add(counts[index], of: texts[index], position: positions[index], to: &points)
        }
        points.sort()
        if points.haveCollisions {
            // Chance, or the same text twice.
            if text != .name { try Self.checkDistinct(texts, positions.map { backends[$0].name }) }
            points.dropCollisions(keeping: collision)
        }
        return points
    }

    private static func checkDistinct(_ texts: [[UInt8]], _ names: [String]) throws(HashTableError) {
        var seen: [[UInt8]: Int] = [:]
        seen.reserveCapacity(texts.count)
        for (index, text) in texts.enumerated() {
            if let other = seen.updateValue(index, forKey: text) {
                throw HashTableError(.sameText(as: names[other]), name: names[index])
            }
        }
    }
}
