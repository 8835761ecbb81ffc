#if os(Linux)
    import CPacketSocket

    /// Prefixes of one version as a program finds them: by halving, one word of the address after the other.
    struct AddressTree {
        private struct Entry {
            let words: [UInt32]
            let bitCount: Int
            let outcome: FilterBuilder.Label
        }

        /// Addresses whose words from one on are looked at next, or that are decided.
        private struct Range {
            let first: UInt32
            let last: UInt32
            let next: FilterBuilder.Label
        }

        private let entries: [Entry]
        private let otherwise: FilterBuilder.Label
        /// Loads a word of the address into the accumulator.
        private let load: (_ word: Int) -> (CInt, UInt32)

        /// A tree of the prefixes of `version` among `outcomes`, of which no two may overlap.
        ///
        /// - Parameters:
        ///   - outcomes: where the program goes on for the addresses of a prefix.
        ///   - version: the version of the addresses that will be looked up.
        ///   - otherwise: where it goes on for all other addresses.
        ///   - load: the instruction that loads a word of the address: the first of one, or of four.
        init(
            _ outcomes: [(prefix: IPPrefix, outcome: FilterBuilder.Label)], version: IPVersion,
            otherwise: FilterBuilder.Label, load: @escaping (_ word: Int) -> (CInt, UInt32)
        ) {
            entries = outcomes.filter { $0.prefix.address.version == version }
                .map { Entry(words: $0.prefix.address.words, bitCount: $0.prefix.bitCount, outcome: $0.outcome) }
                .sorted { $0.words.lexicographicallyPrecedes($1.words) }
            self.otherwise = otherwise
            self.load = load
        }

        /// Writes the tree before what `builder` has, and gives its place.
        func write(to builder: inout FilterBuilder) -> FilterBuilder.Label {
            guard !entries.isEmpty else { return otherwise }
            return write(entries[...], word: 0, to: &builder)
        }

        private func write(
            _ entries: ArraySlice<Entry>, word: Int, to builder: inout FilterBuilder
        ) -> FilterBuilder.Label {
            var ranges: [Range] = []
            var rest = entries
            while let entry = rest.first {
                let value = entry.words[word]
                let bits = entry.bitCount - 32 * word
                if bits <= 32 {
                    let free: UInt32 = bits == 32 ? 0 : .max >> UInt32(bits)
                    ranges.append(Range(first: value, last: value | free, next: entry.outcome))
                    rest = rest.dropFirst()
                } else {
                    let same = rest.prefix { $0.words[word] == value }
                    let next = write(same, word: word + 1, to: &builder)
                    ranges.append(Range(first: value, last: value, next: next))
                    rest = rest.dropFirst(same.count)
                }
            }
            let first = search(ranges[...], to: &builder)
            builder.jump(to: first)
            let (code, number) = load(word)
            builder.put(code, number)
            return builder.here
        }

        private func search(_ ranges: ArraySlice<Range>, to builder: inout FilterBuilder) -> FilterBuilder.Label {
            if ranges.count == 1, let range = ranges.first { return test(range, to: &builder) }
            let middle = ranges.startIndex + ranges.count / 2
            let upper = search(ranges[middle...], to: &builder)
            let lower = search(ranges[..<middle], to: &builder)
            builder.branch(.isGreaterOrEqual, ranges[middle].first, then: upper, otherwise: lower)
            return builder.here
        }

        private func test(_ range: Range, to builder: inout FilterBuilder) -> FilterBuilder.Label {
            if range.first == range.last {
                builder.branch(.isEqual, range.first, then: range.next, otherwise: otherwise)
                return builder.here
            }
            var inside = range.next
            if range.last != .max {
                builder.branch(.isGreater, range.last, then: otherwise, otherwise: inside)
                inside = builder.here
            }
            if range.first != 0 {
                builder.branch(.isGreaterOrEqual, range.first, then: inside, otherwise: otherwise)
                inside = builder.here
            }
            return inside
        }
    }
#endif
