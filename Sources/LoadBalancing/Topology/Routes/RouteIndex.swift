/// Finds rules by one pass over the host, from its end, and one over the path, from its beginning.
///
/// The passes hash as they go: at each dot the hash of what lies behind it, at each slash the hash of what lies before
/// it, is looked up, so the longest wildcard and the longest prefix are known at the end. A hash that is met is
/// compared byte by byte. From a host or a prefix on, links lead to the next less specific one.
struct RouteIndex: Sendable {
    /// A host with rules of its own.
    struct HostGroup: BitwiseCopyable, Sendable {
        var text: TableRange
        /// The next less specific group that fits all hosts of this one; -1 after the one for any host, which is number
        /// 0.
        var parent: Int32 = -1
        /// Rules whose path is tested by the caller's own code, in ``RouteIndex/order``.
        var tests = TableRange()
    }

    /// The rules of a host and a path.
    struct PathBucket: BitwiseCopyable, Sendable {
        var text: TableRange
        var group: UInt32
        /// The rules, in ``RouteIndex/order``.
        var rules: TableRange
        /// The next shorter prefix of the group; -1 if there is none.
        var parent: Int32 = -1
    }

    /// All rules, in order of precedence.
    let rules: [RouteRule]
    private let stopsAtFirst: Bool
    private let bytes: FixedTable<UInt8>
    private let groups: FixedTable<HostGroup>
    private let buckets: FixedTable<PathBucket>
    /// The bucket of the prefix `/` of each group; -1 if there is none.
    private let roots: FixedTable<Int32>
    private let order: FixedTable<UInt32>
    private let isConditional: FixedTable<Bool>
    private let routes: FixedTable<UInt32>
    private let hostTable: HashedTexts
    private let pathTable: HashedTexts

    init(_ rules: [RouteRule], stopsAtFirst: Bool) {
        self.rules = rules
        self.stopsAtFirst = stopsAtFirst
        isConditional = FixedTable(rules.map(\.isConditional))
        routes = FixedTable(rules.map { UInt32(truncatingIfNeeded: $0.route) })
        var builder = RouteIndexBuilder(rules)
        builder.linkHosts()
        builder.linkPrefixes()
        bytes = FixedTable(builder.bytes)
        groups = FixedTable(builder.groups)
        buckets = FixedTable(builder.buckets)
        roots = FixedTable(builder.roots)
        order = FixedTable(builder.order)
        hostTable = HashedTexts(builder.hostKeys)
        pathTable = HashedTexts(builder.pathKeys)
    }

    /// The route of the rule that takes precedence among those that match.
    func rule(for request: some RoutableRequest) -> Int? {
        var group = withRawSpan(of: request.host.utf8) { self.group(of: $0) }
        let target = request.target
        var best = UInt32.max
        while group >= 0 {
            let number = Int(group)
            let (exact, longest) = withRawSpan(of: target.utf8) {
                buckets(of: $0, in: UInt32(truncatingIfNeeded: number))
            }
            if exact >= 0 { look(at: buckets[Int(exact)].rules, for: request, &best) }
            let tests = groups[number].tests
            if tests.count > 0, best == .max || !stopsAtFirst { test(tests, for: request, &best) }
            var prefix = longest >= 0 ? longest : roots[number]
            while prefix >= 0, best == .max || !stopsAtFirst {
                let bucket = buckets[Int(prefix)]
                look(at: bucket.rules, for: request, &best)
                prefix = bucket.parent
            }
            if stopsAtFirst, best != .max { break }
            group = groups[number].parent
        }
        return best == .max ? nil : Int(routes[Int(best)])
    }

    /// The first rule of a bucket that matches, if it comes before `best`.
    private func look(at range: TableRange, for request: some RoutableRequest, _ best: inout UInt32) {
        for position in range.indices {
            let rule = order[Int(position)]
            guard rule < best else { return }
            guard !isConditional[Int(rule)] || rules[Int(rule)].acceptsConditions(of: request) else { continue }
            best = rule
            return
        }
    }

    private func test(_ range: TableRange, for request: some RoutableRequest, _ best: inout UInt32) {
        let path = QueryText.path(of: request.target)
        for position in range.indices {
            let rule = order[Int(position)]
            guard rule < best else { return }
            let match = rules[Int(rule)].match
            guard case .where(_, let test) = match.path, test(path), rules[Int(rule)].acceptsConditions(of: request)
            else { continue }
            best = rule
            return
        }
    }

    /// The most specific group that has the host.
    private func group(of host: RawSpan) -> Int32 {
        let count = HostBytes.nameLength(in: host)
        var hash = TextHash.start
        var longest: Int32 = 0
        var index = count
        while index > 0 {
            index &-= 1
            let byte = HostBytes.lowercased(host.byte(at: index))
            hash = TextHash.adding(byte, to: hash)
            guard byte == UInt8(ascii: "."), index > 0 else { continue }
            if let group = hostTable.find(
                hash ^ TextHash.wildcard, where: { matches(groups[Int($0)].text, host, from: index, to: count) })
            {
                longest = group
            }
        }
        return hostTable.find(hash) { matches(groups[Int($0)].text, host, from: 0, to: count) } ?? longest
    }

    private func matches(_ text: TableRange, _ host: RawSpan, from start: Int, to end: Int) -> Bool {
        guard Int(text.count) == end &- start else { return false }
        for offset in 0..<Int(text.count)
        where bytes[Int(text.start) &+ offset] != HostBytes.lowercased(host.byte(at: start &+ offset)) {
            return false
        }
        return true
    }

    /// The buckets of the very path, and of its longest prefix; -1 where there is none.
    private func buckets(of target: RawSpan, in group: UInt32) -> (exact: Int32, longest: Int32) {
        let salt = Mixing.mix(UInt64(group))
        var hash = TextHash.start
        var longest: Int32 = -1
        var index = 0
        while index < target.byteCount {
            let byte = target.byte(at: index)
            if byte == UInt8(ascii: "?") { break }
            if byte == UInt8(ascii: "/"), index > 0,
                let bucket = find(hash ^ salt, target, index, group)
            {
                longest = bucket
            }
            hash = TextHash.adding(byte, to: hash)
            index &+= 1
        }
        if let bucket = find(hash ^ salt, target, index, group) { longest = bucket }
        return (find(hash ^ salt ^ TextHash.exact, target, index, group) ?? -1, longest)
    }

    private func find(_ hash: UInt64, _ target: RawSpan, _ count: Int, _ group: UInt32) -> Int32? {
        pathTable.find(hash) { number in
            let bucket = buckets[Int(number)]
            guard bucket.group == group, Int(bucket.text.count) == count else { return false }
            for offset in 0..<count where bytes[Int(bucket.text.start) &+ offset] != target.byte(at: offset) {
                return false
            }
            return true
        }
    }
}

/// A piece of one of the index's tables.
struct TableRange: BitwiseCopyable, Sendable {
    var start: UInt32 = 0
    var count: UInt32 = 0

    var indices: Range<UInt32> { start..<(start &+ count) }
}

/// FNV-1a, a byte at a time: the hash of every beginning of a text on the way to its end.
enum TextHash {
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    /// What tells wildcards from exact hosts, and exact paths from prefixes, of the same text.
    static let wildcard: UInt64 = 0x9E37_79B9_7F4A_7C15
    static let exact: UInt64 = 0xD1B5_4A32_D192_ED03

    @inline(__always)
    static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(start) { adding($1, to: $0) }
    }
}

/// Numbers by the hash of a text: open addressing, at most half full.
struct HashedTexts: Sendable {
    private struct Cell: BitwiseCopyable, Sendable {
        var hash: UInt64 = 0
        var number: Int32 = -1
    }

    private let cells: FixedTable<Cell>
    private let shift: UInt64

    init(_ keys: [(hash: UInt64, number: Int32)]) {
        var bits: UInt64 = 1
        while 1 << bits < 2 * keys.count { bits += 1 }
        shift = 64 - bits
        var cells = Array(repeating: Cell(), count: 1 << bits)
        for key in keys {
            var index = Self.slot(of: key.hash, shift)
            while cells[index].number >= 0 { index = (index + 1) & (cells.count - 1) }
            cells[index] = Cell(hash: key.hash, number: key.number)
        }
        self.cells = FixedTable(cells)
    }

    @inline(__always)
    private static func slot(of hash: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    /// The number of a hash that `isSame` accepts.
    @inline(__always)
    func find(_ hash: UInt64, where isSame: (Int32) -> Bool) -> Int32? {
        var index = Self.slot(of: hash, shift)
        while true {
            let cell = cells[index]
            guard cell.number >= 0 else { return nil }
            if cell.hash == hash, isSame(cell.number) { return cell.number }
            index = (index &+ 1) & (cells.count &- 1)
        }
    }
}
