/// Finds rules by the host, from the most specific pattern that has it on, and by the path, element by element.
///
/// Each host has a tree of the elements of its paths. The children of all nodes of all trees lie in one table, by the hash
/// of their element and their parent: a path goes down from table entry to table entry, and stops at the first element
/// that no rule has. What a hash finds is compared with the text. From a host or an element on, links lead to the next
/// less specific one with rules.
@usableFromInline
final class RouteIndex: Sendable {
    /// A host with rules of its own.
    struct HostGroup: BitwiseCopyable, Sendable {
        var text: WordRange
        /// The next less specific group that fits all hosts of this one; -1 after the one for any host, which is number
        /// 0.
        var parent: Int32 = -1
        /// The node of the path without elements.
        var root: Int32 = -1
        /// Rules whose path is tested by the caller's own code, in ``RouteIndex/order``.
        var tests = TableRange()
    }

    /// An element of paths.
    struct PathNode: BitwiseCopyable, Sendable {
        var text: WordRange
        var parent: Int32
        /// The rules for the very path, and for it and all below it, in ``RouteIndex/order``.
        var exact = TableRange()
        var prefix = TableRange()
        /// The next node up that has rules for all below it; -1 if there is none.
        var shorter: Int32 = -1
    }

    /// The bit of a number in ``order`` that says that there is more to look at than the host and the path.
    static let conditional: UInt32 = 1 << 31

    /// All rules, in order of precedence.
    @usableFromInline let rules: [RouteRule]
    private let stopsAtFirst: Bool
    private let words: FixedTable<UInt64>
    private let groups: FixedTable<HostGroup>
    private let nodes: FixedTable<PathNode>
    private let order: FixedTable<UInt32>
    private let routes: FixedTable<UInt32>
    private let exactHosts: HashedTexts
    private let wildcards: HashedTexts
    private let children: HashedTexts
    private let longestWildcard: Int

    init(_ rules: [RouteRule], stopsAtFirst: Bool) {
        self.rules = rules
        self.stopsAtFirst = stopsAtFirst
        routes = FixedTable(rules.map { UInt32(truncatingIfNeeded: $0.route) })
        let builder = RouteIndexBuilder(rules)
        words = FixedTable(builder.words)
        groups = FixedTable(builder.groups)
        nodes = FixedTable(builder.nodes)
        order = FixedTable(builder.order)
        exactHosts = HashedTexts(builder.exactHosts)
        wildcards = HashedTexts(builder.wildcards)
        children = HashedTexts(builder.children)
        longestWildcard = builder.longestWildcard
    }

    /// The route of the rule that takes precedence among those that match.
    ///
    /// - Parameters:
    ///   - host: the request's host.
    ///   - target: its path and query.
    ///   - accepts: whether it meets the conditions of a rule, by the rule's number in ``rules``.
    /// - Returns: -1 if none matches.
    @usableFromInline
    func route(host: String, target: String, accepts: (Int) -> Bool) -> Int {
        var group = withRawSpan(of: host.utf8) { self.group(of: $0) }
        var best = UInt32.max
        while group >= 0 {
            let place = groups[Int(group)]
            let (node, isWhole) = withRawSpan(of: target.utf8) { self.node(of: $0, from: place.root) }
            let found = nodes[Int(node)]
            if isWhole { look(at: found.exact, &best, accepts) }
            if best == .max || !stopsAtFirst { look(at: place.tests, &best, accepts) }
            var prefix = found.prefix
            var shorter = found.shorter
            while best == .max || !stopsAtFirst {
                look(at: prefix, &best, accepts)
                guard shorter >= 0 else { break }
                (prefix, shorter) = (nodes[Int(shorter)].prefix, nodes[Int(shorter)].shorter)
            }
            if stopsAtFirst, best != .max { break }
            group = place.parent
        }
        return best == .max ? -1 : Int(routes[Int(best)])
    }

    /// The first rule of a range that matches, if it comes before `best`.
    @inline(__always)
    private func look(at range: TableRange, _ best: inout UInt32, _ accepts: (Int) -> Bool) {
        for position in range.indices {
            let entry = order[Int(position)]
            let rule = entry & ~Self.conditional
            guard rule < best else { return }
            guard entry == rule || accepts(Int(rule)) else { continue }
            best = rule
            return
        }
    }

    /// The most specific group that has the host.
    private func group(of host: RawSpan) -> Int32 {
        let end = HostBytes.nameLength(in: host)
        let group = exactHosts.find(TextHash.ofHost(host, to: end)) {
            isText(groups[Int($0)].text, host, from: 0, to: end, lowercasing: true)
        }
        if group >= 0 { return group }
        var longest: Int32 = 0
        var hash = TextHash.suffixStart
        var index = end
        let last = max(end &- longestWildcard, 1)
        while index > last {
            index &-= 1
            let byte = HostBytes.lowercased(host.byte(at: index))
            hash = TextHash.adding(byte, to: hash)
            guard byte == UInt8(ascii: ".") else { continue }
            let group = wildcards.find(TextHash.finished(hash)) {
                isText(groups[Int($0)].text, host, from: index, to: end, lowercasing: true)
            }
            if group >= 0 { longest = group }
        }
        return longest
    }

    /// The deepest node on the way of a path, and whether it is the path's end.
    private func node(of target: RawSpan, from root: Int32) -> (node: Int32, isWhole: Bool) {
        guard target.byteCount > 0, target.byte(at: 0) == UInt8(ascii: "/") else { return (root, false) }
        var node = root
        var start = 1
        while true {
            let (hash, end) = TextHash.ofElement(target, from: start, below: node)
            let child = children.find(hash) { number in
                let child = nodes[Int(number)]
                return child.parent == node && isText(child.text, target, from: start, to: end, lowercasing: false)
            }
            guard child >= 0 else { return (node, false) }
            node = child
            guard end < target.byteCount, target.byte(at: end) == UInt8(ascii: "/") else { return (node, true) }
            start = end &+ 1
        }
    }

    /// Whether a stretch of bytes is a text of the table.
    @inline(__always)
    private func isText(
        _ text: WordRange, _ bytes: RawSpan, from start: Int, to end: Int, lowercasing: Bool
    ) -> Bool {
        guard Int(text.byteCount) == end &- start else { return false }
        var index = start
        var place = Int(text.start)
        while index < end {
            let word = TextWord.first(end &- index, of: TextWord.read(bytes, at: index))
            guard words[place] == (lowercasing ? TextWord.lowercased(word) : word) else { return false }
            index &+= 8
            place &+= 1
        }
        return true
    }
}

/// A piece of one of the index's tables.
struct TableRange: BitwiseCopyable, Sendable {
    var start: UInt32 = 0
    var count: UInt32 = 0

    var indices: Range<UInt32> { start..<(start &+ count) }
}

/// A text among the index's words.
struct WordRange: BitwiseCopyable, Sendable {
    var start: UInt32
    var byteCount: UInt32
}
